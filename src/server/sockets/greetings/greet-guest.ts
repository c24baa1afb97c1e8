import type { GuestHello } from '../../../protocol/client-messages.ts';
import { RtcDeskError } from '../../../protocol/errors.ts';
import type { Queryable } from '../../database/database.ts';
import { verifyRoomToken, type RoomGuest } from '../../identity/room-token.ts';
import { issueParticipant } from '../../rooms/issue-participant.ts';
import { openConnection } from '../../presence/open-connection.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import type { GuestViewer } from '../viewer.ts';
import { admit } from './admit.ts';
import { readSite } from './read-site.ts';

interface GuestRoom {
  readonly site_id: string;
  /** The join that this guest has in the room already. */
  readonly participant: string | null;
}

/**
 * Rejects with `unauthorized`, `origin-not-allowed`, `rate-limited`, and `not-found` where the room is
 * closed or a call's.
 */
export async function greetGuest(
  node: NodeContext,
  connection: Connection,
  { token, fresh }: GuestHello,
): Promise<GuestViewer> {
  const { database, nodeId, key } = node;
  const guest = await verifyRoomToken(key, token);
  const found = await findRoom(database, guest);
  if (!found) throw new RtcDeskError('not-found', 'This room is closed.');
  const site = await readSite(database, found.site_id);
  admit(node, connection, site);
  const goesOn = fresh ? null : found.participant;
  const { room, subject, name, verified } = guest;
  await openConnection(database, {
    id: connection.id,
    nodeId,
    role: 'guest',
    siteId: site.id,
    room,
    participantId: goesOn,
  });
  const participant =
    goesOn ??
    (await issueParticipant(database, {
      room,
      joiner: { role: 'guest', name, verified, subject },
      connectionId: connection.id,
    }));
  return { role: 'guest', site: { id: site.id }, room, participant };
}

async function findRoom(
  db: Queryable,
  { room, subject }: RoomGuest,
): Promise<GuestRoom | undefined> {
  const { rows } = await db.query<GuestRoom>(
    `select r.site_id, (
        select p.id from participants p
         where p.room = r.number and p.role = 'guest' and p.subject = $2 and p.left_at is null
         order by p.issued_at desc limit 1) as participant
       from rooms r where r.number = $1 and r.closed_at is null and r.call_id is null`,
    [room, subject],
  );
  return rows[0];
}
