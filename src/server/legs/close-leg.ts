import type { Database } from '../database/database.ts';
import { notifyCalls, type CallChange } from '../calls/call-change.ts';

/** Epoch-guarded: a call that has changed since it was read is left alone. */
const CLOSE = `
with leg as materialized (
  select l.id, l.call_id, l.agent_id, c.epoch from legs l join calls c on c.id = l.call_id
   where l.id = $1 and l.kind <> 'first' and l.state in ('offered', 'accepted')
     and c.state in ('ready', 'connected')),
moved as (
  update calls c set epoch = c.epoch + 1, event_count = c.event_count + 1 from leg
   where c.id = leg.call_id and c.epoch = leg.epoch
  returning c.id, c.site_id, c.group_id, c.event_count, c.room, leg.id as leg_id, leg.agent_id),
finished as (
  update legs l set state = $2, end_reason = $3, deadline = null, closed_at = clock_timestamp()
    from moved m where l.id = m.leg_id),
left_rooms as (
  update participants p set left_at = now() from moved m where p.leg_id = m.leg_id and p.left_at is null),
freed as (
  update agents a
     set missed_in_row = case $2 when 'declined' then 0 when 'missed' then a.missed_in_row + 1 else a.missed_in_row end
    from moved m where a.id = m.agent_id),
logged as (
  insert into call_events (call_id, sequence, type, actor, leg_id, agent_id, data)
  select m.id, m.event_count, 'offer-' || $2, case $2 when 'declined' then 'agent' else 'system' end, m.leg_id,
         m.agent_id, jsonb_build_object('reason', $3::text)
    from moved m)
select id as call_id, site_id, group_id, room, array[agent_id] as agent_ids from moved`;

/**
 * Ends a leg besides the first (a transfer, consultation, conference or monitor) that was never joined. The call goes
 * on with the agents who are in it. Answers with false if the leg is another one, or has changed.
 */
export async function closeLeg(
  db: Database,
  {
    legId,
    state,
    reason,
  }: {
    readonly legId: string;
    readonly state: 'declined' | 'missed' | 'withdrawn';
    readonly reason: string;
  },
): Promise<boolean> {
  const { rows } = await db.query<CallChange>(CLOSE, [legId, state, reason]);
  notifyCalls(db, rows, { matching: true });
  return rows.length > 0;
}
