import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database } from '../database/database.ts';
import { showingOut } from './close-rooms.ts';
import { participantId } from './participant-id.ts';

/** Whom a join is for. A visitor's or an agent's name is read from the call and the agent. */
export type Joiner =
  | { readonly role: 'visitor' }
  | { readonly role: 'agent'; readonly agentId: string }
  | {
      readonly role: 'guest';
      readonly name: string;
      /** Whether the room token's issuer vouched for the name. */
      readonly verified: boolean;
      /** The guest's own id: an earlier join of the same one is left behind. */
      readonly subject: string;
    };

const ISSUE = `
with open as materialized (
  select r.number, r.call_id from rooms r where r.number = $1 and r.closed_at is null),
call as materialized (
  select c.id, c.agent_id, c.visitor_name, c.visitor_id from calls c join open o on o.call_id = c.id
   where c.room = o.number and (
     (c.state in ('ready', 'connected') and $3 = 'visitor')
     or (c.state in ('accepted', 'ready', 'connected') and $3 = 'agent' and c.agent_id = $4))
     for update of c),
made as (
  insert into participants (id, room, role, name, verified, agent_id, subject, connection_id)
  select $2, o.number, $3,
         case $3 when 'visitor' then c.visitor_name when 'agent' then a.name else $5 end,
         case $3 when 'visitor' then c.visitor_id is not null when 'agent' then true else $6 end,
         a.id, $7, x.id
    from open o left join call c on true left join agents a on a.id = $4
    left join connections x on x.id = $8::uuid
   where ($3 = 'guest' and o.call_id is null) or ($3 <> 'guest' and c.id is not null)
  returning room),
replaced as (
  update participants p set left_at = now() from made m
   where p.room = m.room and p.role = $3 and p.left_at is null and p.id <> $2
     and ($3 <> 'guest' or p.subject = $7)
  returning p.id, p.room, p.entered_at),
${showingOut('replaced')}
select m.room, c.id as call_id, c.agent_id from made m left join call c on true`;

/**
 * A new join to a room: for a guest, for another tab of the agent, for a visitor whose page was loaded
 * anew. The earlier join of the same person is marked left, so that nobody sees two of them. Binds the
 * connection, where one is given. Rejects with `conflict` where that person may not enter (now).
 */
export async function issueParticipant(
  db: Database,
  {
    room,
    joiner,
    connectionId,
  }: { readonly room: number; readonly joiner: Joiner; readonly connectionId?: string | undefined },
): Promise<string> {
  const id = participantId();
  const guest = joiner.role === 'guest' ? joiner : null;
  const { rows } = await db.query<{ call_id: string | null; agent_id: string | null }>(ISSUE, [
    room,
    id,
    joiner.role,
    joiner.role === 'agent' ? joiner.agentId : null,
    guest?.name ?? null,
    guest?.verified ?? null,
    guest?.subject ?? null,
    connectionId ?? null,
  ]);
  const row = rows[0];
  if (!row) throw new RtcDeskError('conflict', 'This room cannot be joined.');
  db.wake.notify(`room:${room}`);
  if (row.call_id) db.wake.notify(`call:${row.call_id}`);
  if (row.agent_id) db.wake.notify(`agent:${row.agent_id}`);
  return id;
}
