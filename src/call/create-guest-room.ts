import { browserParts } from './compose.ts';
import { GuestRoom } from './room/guest-room.ts';
import type { RoomControl } from './room-control.ts';

/** Enters the room at once. `token` is from `POST /api/v1/rooms/{number}/tokens`. */
export function createGuestRoom(options: {
  readonly server: string;
  readonly token: string;
}): RoomControl {
  const room = new GuestRoom(options, browserParts());
  room.join();
  return room;
}
