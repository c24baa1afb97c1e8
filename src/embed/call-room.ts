/** `/call-room.js`: defines `<call-room>` for a page that shows a room. */
import '../elements/call-room/define.ts';

export { CallRoom } from '../elements/call-room/call-room.ts';
