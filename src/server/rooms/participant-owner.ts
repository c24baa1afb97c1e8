import type { Queryable } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';
import type { ParticipantOwner } from './enter-room.ts';

/** The id of the `ParticipantOwner` of the row `p` of participants. */
const OWNER_ID = `
  case p.role when 'visitor' then p.call_id::text
              when 'agent' then (select l.agent_id::text from legs l where l.id = p.leg_id)
              else p.id end`;

const OWN_PARTICIPANT = `
  select from participants p
   where p.id = $1 and p.room = $2 and p.role = $3 and ${OWNER_ID} = $4`;

const OWN_ROOM = `
  select from participants p join rooms r on r.number = p.room
   where p.room = $1 and p.role = $2 and ${OWNER_ID} = $3
     and (r.closed_at is null or r.closed_at > now() - make_interval(secs => ${timeouts.conversationShown}))
   limit 1`;

/** Whether this participant belongs to this owner, also one that has left. */
export async function isOwnParticipant(
  db: Queryable,
  {
    room,
    participant,
    owner,
  }: { readonly room: number; readonly participant: string; readonly owner: ParticipantOwner },
): Promise<boolean> {
  const { rowCount } = await db.query(OWN_PARTICIPANT, [participant, room, owner.role, owner.id]);
  return rowCount > 0;
}

/** Whether this owner has or had a participant in the room, which is open or was closed within the hour. */
export async function isOwnRoom(
  db: Queryable,
  { room, owner }: { readonly room: number; readonly owner: ParticipantOwner },
): Promise<boolean> {
  const { rowCount } = await db.query(OWN_ROOM, [room, owner.role, owner.id]);
  return rowCount > 0;
}
