import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';
import { participantId } from './participant-id.ts';

/** Whom a new participant is for. A visitor's and an agent's name are read from the call and the agent. */
export type ParticipantHolder =
  | { readonly role: 'visitor'; readonly callId: string }
  | { readonly role: 'agent'; readonly legId: string }
  | {
      readonly role: 'guest';
      readonly name: string;
      /** Whether the room token's issuer vouched for the name. */
      readonly verified: boolean;
      /** The guest's own id: an earlier participant of the same one leaves. */
      readonly subject: string;
    };

// `call` waits for an operation that moves the call, so that nobody joins one that has just ended. What the earlier
// participant may do goes over to the new one.
const ISSUE = `
with open as materialized (
  select r.number, r.call_id, r.provider from rooms r where r.number = $1 and r.closed_at is null),
call as materialized (
  select c.id, c.visitor_name, c.visitor_id, l.id as leg_id, l.agent_id
    from calls c join open o on o.call_id = c.id left join legs l on l.id = $4::uuid and l.call_id = c.id
   where case $3 when 'visitor' then c.id = $5::uuid and c.room = o.number and c.state in ('ready', 'connected')
                                       and c.visitor_left_until is null
                 when 'agent' then l.state in ('accepted', 'joined') and c.state in ('accepted', 'ready', 'connected')
                 else false end
     for update of c),
replaced as (
  update participants p set left_at = now() from open o
   where p.room = o.number and p.role = $3 and p.left_at is null
     and case $3 when 'visitor' then p.call_id = $5::uuid when 'agent' then p.leg_id = $4::uuid else p.subject = $8 end
     and ($3 = 'guest' or exists (select from call))
  returning p.id, p.room, p.entered_at, p.issued_at, p.may_speak, p.may_show, p.hidden, o.provider),
made as (
  insert into participants (id, room, role, leg_id, call_id, subject, name, verified, may_speak, may_show, hidden,
                            connection_id)
  select $2, o.number, $3, c.leg_id, case when $3 = 'visitor' then c.id end, $8,
         case $3 when 'visitor' then c.visitor_name when 'agent' then a.name else $6 end,
         case $3 when 'visitor' then c.visitor_id is not null when 'agent' then true else $7 end,
         coalesce(e.may_speak, true), coalesce(e.may_show, true), coalesce(e.hidden, false), x.id
    from open o left join call c on true left join agents a on a.id = c.agent_id
    left join connections x on x.id = $9::uuid
    left join lateral (select r.* from replaced r order by r.issued_at desc limit 1) e on true
   where ($3 = 'guest' and o.call_id is null) or c.id is not null
  returning room),
removed as (
  insert into outbox (service, kind, payload, due_at)
  select 'trtc', 'remove-participant', jsonb_build_object('room', r.room, 'participant', r.id),
         now() + make_interval(secs => ${timeouts.removal})
    from replaced r where r.provider = 'trtc' and r.entered_at is not null)
select m.room, c.id as call_id, c.agent_id from made m left join call c on true`;

/**
 * A new participant in a room: for a guest, for another tab of the agent, for a visitor whose page was reloaded. The
 * earlier participant of the same person leaves, so that nobody is seen twice. Binds the connection, if one is
 * given. Rejects with `conflict` if this person may not enter now.
 */
export async function issueParticipant(
  db: Database,
  {
    room,
    holder,
    connectionId,
  }: {
    readonly room: number;
    readonly holder: ParticipantHolder;
    readonly connectionId?: string | undefined;
  },
): Promise<string> {
  const id = participantId();
  const guest = holder.role === 'guest' ? holder : null;
  const { rows } = await db.query<{ call_id: string | null; agent_id: string | null }>(ISSUE, [
    room,
    id,
    holder.role,
    holder.role === 'agent' ? holder.legId : null,
    holder.role === 'visitor' ? holder.callId : null,
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
