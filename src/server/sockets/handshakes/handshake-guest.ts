import type { GuestHello } from '../../../protocol/client-messages.ts';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { verifyRoomToken } from '../../identity/room-token.ts';
import { openConnection } from '../../presence/open-connection.ts';
import { findGuestRoom } from '../../rooms/find-guest-room.ts';
import { issueParticipant } from '../../rooms/issue-participant.ts';
import { readSite } from '../../sites/read-site.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import type { GuestViewer } from '../viewer.ts';
import { requireSiteAccess } from './require-site-access.ts';

/**
 * Rejects with `unauthorized`, `origin-not-allowed`, `rate-limited`, and with `not-found` if the room is closed or
 * belongs to a call.
 */
export async function handshakeGuest(
  node: NodeContext,
  connection: Connection,
  { token, fresh }: GuestHello,
): Promise<GuestViewer> {
  const { database, nodeId, key } = node;
  const { room, subject, name, verified } = await verifyRoomToken(key, token);
  const found = await findGuestRoom(database, { room, subject });
  if (!found) throw new RtcDeskError('not-found', 'This room is closed.');
  const site = await readSite(database, found.siteId);
  requireSiteAccess(node, connection, site);
  const continued = fresh ? null : found.participant;
  await openConnection(database, {
    id: connection.id,
    nodeId,
    role: 'guest',
    siteId: site.id,
    room,
    participantId: continued,
  });
  const participant =
    continued ??
    (await issueParticipant(database, {
      room,
      holder: { role: 'guest', name, verified, subject },
      connectionId: connection.id,
    }));
  return { role: 'guest', site: { id: site.id }, room, participant };
}
