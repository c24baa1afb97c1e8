import { issueRoomToken } from '../../src/server/identity/room-token.ts';
import { createRoom } from '../../src/server/rooms/create-room.ts';
import type { Bench } from './both-stores.ts';
import { ProtocolClient, type GuestClient } from './protocol-client.ts';
import { makeSite, TEST_KEY } from './signaling-server.ts';

/** A room of its own, on a site of its own. */
export async function roomOf({ server: { database } }: Bench): Promise<number> {
  const site = await makeSite(database, 0);
  return createRoom(database, { siteId: site.id });
}

/** The token that lets somebody of this name into the room. */
export const tokenOf = (room: number, subject: string, verified = true): Promise<string> =>
  issueRoomToken(TEST_KEY, { room, subject, name: subject, verified, seconds: 60 });

/** A guest in a room; `entered` unless the test wants to wait at the door. */
export async function guest(url: string, room: number, subject: string, entered = true) {
  const token = await tokenOf(room, subject);
  const client: GuestClient = await ProtocolClient.join(url, { role: 'guest', token });
  const { participant } = client.view.ticket;
  if (entered) await client.command({ type: 'enter-room', room, participant });
  return { client, participant, token };
}
