import { RtcDeskError } from '../../../protocol/errors.ts';
import type { Queryable } from '../../database/database.ts';
import { timeouts } from '../../queue/timeouts.ts';
import type { Connection } from '../connection.ts';
import type { EnteredRoom, Viewer } from '../viewer.ts';

/** The visitor of a call that may enter, the agent who has it, the guest of this very join. */
const OWN_JOIN = `
  select p.id from participants p
   where p.id = $1 and p.room = $2
     and case $3
         when 'visitor' then p.role = 'visitor' and exists (
           select from calls c where c.id = $4::uuid and c.room = p.room)
         when 'agent' then p.role = 'agent' and p.agent_id = $4::uuid
         else p.role = 'guest' and p.id = $5 end`;

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
  const viewer = requireViewer(connection);
  const own = viewer.role === 'guest' ? viewer.participant : null;
  const { rowCount } = await db.query(OWN_JOIN, [
    participant,
    room,
    viewer.role,
    subjectOf(viewer),
    own,
  ]);
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
