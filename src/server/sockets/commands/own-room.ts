import { RtcDeskError } from '../../../protocol/errors.ts';
import type { Queryable } from '../../database/database.ts';
import { JOIN_OWNER, type JoinOwner } from '../../rooms/enter-room.ts';
import { timeouts } from '../../settings/timeouts.ts';
import type { Connection } from '../connection.ts';
import type { EnteredRoom, Viewer } from '../viewer.ts';

/** A visitor's of their call's room, an agent's own, a guest's this very one. */
const OWN_JOIN = `
  select p.id from participants p join rooms r on r.number = p.room
   where p.id = $1 and p.room = $2 and p.role = $3 and $4 = ${JOIN_OWNER}`;

const OWN_ROOM = `
  select r.number from rooms r left join calls c on c.id = r.call_id
   where r.number = $1
     and (r.closed_at is null or r.closed_at > now() - make_interval(secs => ${timeouts.conversationShown}))
     and case $2 when 'visitor' then c.id = $3::uuid when 'agent' then c.agent_id = $3::uuid
         else r.number = $4 end`;

/** Rejects with `forbidden` unless this join was made for the viewer of this connection. */
export async function requireOwnJoin(
  db: Queryable,
  connection: Connection,
  { room, participant }: EnteredRoom,
): Promise<void> {
  const { role, id } = ownerOf(connection);
  const { rowCount } = await db.query(OWN_JOIN, [participant, room, role, id]);
  if (rowCount === 0) throw new RtcDeskError('forbidden', 'This join is not yours.');
}

/** Rejects with `forbidden` unless the room is that of the viewer's call or token, or was within the hour. */
export async function requireOwnRoom(
  db: Queryable,
  connection: Connection,
  room: number,
): Promise<void> {
  const viewer = requireViewer(connection);
  const own = viewer.role === 'guest' ? viewer.room : null;
  const { rowCount } = await db.query(OWN_ROOM, [room, viewer.role, subjectOf(viewer), own]);
  if (rowCount === 0) throw new RtcDeskError('forbidden', 'This room is not yours.');
}

/** Whose joins are the viewer's of this connection. Throws `forbidden` before its hello. */
export function ownerOf(connection: Connection): JoinOwner {
  const viewer = requireViewer(connection);
  const { role } = viewer;
  return { role, id: role === 'guest' ? viewer.participant : subjectOf(viewer) };
}

/** Who this connection is in the room right now. Throws `forbidden` where it has not entered. */
export function requireInside(connection: Connection, room: number): EnteredRoom {
  if (connection.entered?.room !== room) {
    throw new RtcDeskError('forbidden', 'You are not in this room.');
  }
  return connection.entered;
}

function requireViewer(connection: Connection): Viewer {
  if (!connection.viewer) throw new RtcDeskError('forbidden', 'Say hello first.');
  return connection.viewer;
}

function subjectOf(viewer: Viewer): string | null {
  if (viewer.role === 'visitor') return viewer.callId;
  return viewer.role === 'agent' ? viewer.agentId : null;
}
