import { issueRoomToken } from '../../src/server/identity/room-token.ts';
import { createRoom } from '../../src/server/rooms/create-room.ts';
import type { ServerOnStore } from './both-stores.ts';
import { ProtocolClient, type GuestClient } from './protocol-client.ts';
import { makeSite, TEST_KEY } from './signaling-server.ts';

/** A room that belongs to no call, on a new site. */
export async function roomOf({ server: { database } }: ServerOnStore): Promise<number> {
  const site = await makeSite(database, 0);
  return createRoom(database, { siteId: site.id });
}

/** A room token for a guest of this name. */
export const tokenOf = (room: number, subject: string, verified = true): Promise<string> =>
  issueRoomToken(TEST_KEY, { room, subject, name: subject, verified, seconds: 60 });

/** A guest of a room, who has entered it unless `entered` is false. */
export async function guest(url: string, room: number, subject: string, entered = true) {
  const token = await tokenOf(room, subject);
  const client: GuestClient = await ProtocolClient.join(url, { role: 'guest', token });
  const participant = client.view.room.ticket?.participant ?? '';
  if (entered) await client.command({ type: 'enter-room', room, participant });
  return { client, participant, token };
}
