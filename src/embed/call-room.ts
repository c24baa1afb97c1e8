/** Defines `<call-room>`, for a page that shows a room of its own. */
import '../elements/call-room/define.ts';

export { CallRoom } from '../elements/call-room/call-room.ts';
