/**
 * `/rtc-desk.js`, the script to paste: defines `<video-call-button>`, and adds a button to the page where the
 * script's own tag names a site.
 */
import '../elements/video-call-button/define.ts';
import { VideoCallButton } from '../elements/video-call-button/video-call-button.ts';
import { addButtonOfScriptTag } from './script-tag.ts';

VideoCallButton.defaultServer = new URL(import.meta.url).origin;
addButtonOfScriptTag(import.meta.url);

export { VideoCallButton };
export type { CallErrorEvent, CallFailure } from '../elements/parts/events/call-error-event.ts';
export type {
  CallConnected,
  CallConnectedEvent,
  CallEnded,
  CallEndedEvent,
} from '../elements/parts/events/call-events.ts';
export type {
  CallQueued,
  CallQueuedEvent,
  CallRingingEvent,
} from '../elements/video-call-button/events.ts';
