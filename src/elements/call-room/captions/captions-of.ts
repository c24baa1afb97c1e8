import type { CaptionsControl } from '../../../call/captions-control.ts';
import type { RoomControl } from '../../../call/room-control.ts';

const byRoom = new WeakMap<RoomControl, CaptionsControl>();

/** The captions of a room; undefined before they are loaded, and in a room without. */
export const captionsOf = (room: RoomControl): CaptionsControl | undefined => byRoom.get(room);

export function setCaptions(room: RoomControl, captions: CaptionsControl): CaptionsControl {
  byRoom.set(room, captions);
  return captions;
}
