import type { VisitorCallView } from '../../protocol/views.ts';
import type { RoomSnapshot } from '../room-control.ts';
import type { VisitorCallState } from '../visitor-call-control.ts';

/** What the contract calls a call that lives; `call` is null while the request is on its way. */
export function visitorCallState(
  call: VisitorCallView | null,
  room: RoomSnapshot | null,
): VisitorCallState {
  switch (call?.state) {
    case 'ringing':
      return 'ringing';
    case 'ready':
      return 'connecting';
    case 'connected':
      return isTogether(room) ? 'connected' : 'reconnecting';
    default:
      return 'queued';
  }
}

/** Without signaling it is still a call, as long as picture and sound of anybody arrive. */
function isTogether(room: RoomSnapshot | null): boolean {
  if (room?.state !== 'joined') return false;
  if (room.signaling === 'online') return true;
  return room.people.some((person) => !person.self && person.state === 'connected');
}
