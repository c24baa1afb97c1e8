/**
 * The classes of the elements. Importing them registers nothing: to derive from one, to register it under a name of one's
 * own, or to type a reference. A room and a desk need their inner elements, which `rtc-desk/call-room` and
 * `rtc-desk/agent-desk` register.
 */
export { AgentDesk } from '../elements/agent-desk/agent-desk.ts';
export { CallRoom } from '../elements/call-room/call-room.ts';
export { CallTest } from '../elements/call-test/call-test.ts';
export { VideoCallButton } from '../elements/video-call-button/video-call-button.ts';
