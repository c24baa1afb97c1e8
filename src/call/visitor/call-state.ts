import type { VisitorCallView } from '../../protocol/views.ts';
import type { RoomSnapshot } from '../room-control.ts';
import type { VisitorCallState } from '../visitor-call-control.ts';

/** The contract's state of a live call. `call` is null while the request is on its way. */
export function visitorCallState(
  call: VisitorCallView | null,
  room: RoomSnapshot | null,
): VisitorCallState {
  switch (call?.state) {
    case 'choosing':
      return 'choosing';
    case 'ringing':
      return 'ringing';
    case 'ready':
      return 'connecting';
    case 'connected':
      return isConnected(room) ? 'connected' : 'reconnecting';
    default:
      return 'queued';
  }
}

/** Without signaling the call goes on, as long as somebody's picture and sound arrive. */
function isConnected(room: RoomSnapshot | null): boolean {
  if (room?.state !== 'joined') return false;
  if (room.signaling === 'online') return true;
  return room.people.some((person) => !person.self && person.state === 'connected');
}
