import { notifyCalls, type CallChange } from '../calls/call-change.ts';
import type { Database } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';
import { WRAP_UP_UNTIL } from '../wrap-up/wrap-up-time.ts';

/**
 * Epoch-guarded. A leg that talks leaves only if another one stays, so that the visitor is never alone. If the
 * owner leaves, the leg that joined first among the others becomes the owner.
 */
const LEAVE = `
with leg as materialized (
  select l.id, l.call_id, l.agent_id, l.kind, c.epoch, c.owner_leg_id = l.id as owner, o.id as successor, o.agent_id as successor_agent
    from legs l
    join calls c on c.id = l.call_id
    left join lateral (
      select o.id, o.agent_id from legs o
       where o.call_id = l.call_id and o.id <> l.id and o.state = 'joined' and o.kind <> 'monitor'
       order by o.joined_at, o.id limit 1) o on true
   where l.id = $1 and l.state = 'joined' and c.state in ('ready', 'connected')
     and (l.kind = 'monitor' or o.id is not null)),
moved as (
  update calls c
     set epoch = c.epoch + 1, event_count = c.event_count + case when leg.owner then 2 else 1 end,
         owner_leg_id = case when leg.owner then leg.successor else c.owner_leg_id end
    from leg where c.id = leg.call_id and c.epoch = leg.epoch
  returning c.id, c.site_id, c.group_id, c.room, c.event_count, leg.id as leg_id, leg.agent_id, leg.kind, leg.owner,
            leg.successor, leg.successor_agent),
finished as (
  update legs l
     set state = case when g.wrap_up_seconds > 0 and m.kind <> 'monitor' then 'left' else 'closed' end,
         wrap_up_until = case when g.wrap_up_seconds > 0 and m.kind <> 'monitor'
                              then ${WRAP_UP_UNTIL} end,
         closed_at = case when g.wrap_up_seconds > 0 and m.kind <> 'monitor' then null else clock_timestamp() end,
         left_at = clock_timestamp(), end_reason = $2
    from moved m, skill_groups g
   where l.id = m.leg_id and g.site_id = l.site_id and g.id = l.group_id),
left_rooms as (
  update participants p set left_at = now() from moved m, rooms r
   where p.leg_id = m.leg_id and p.left_at is null and r.number = p.room
  returning p.id, p.room, r.provider),
removed as (
  insert into outbox (service, kind, payload, due_at)
  select 'trtc', 'remove-participant', jsonb_build_object('room', p.room, 'participant', p.id),
         now() + make_interval(secs => ${timeouts.removal})
    from left_rooms p where p.provider = 'trtc'),
freed as (
  update agents a set idle_since = now() from moved m where a.id = m.agent_id),
logged as (
  insert into call_events (call_id, sequence, type, actor, leg_id, agent_id, data)
  select m.id, m.event_count - case when m.owner then 1 else 0 end, 'agent-left',
         case $2 when 'agent-gone' then 'system' else 'agent' end, m.leg_id, m.agent_id,
         jsonb_build_object('reason', $2::text)
    from moved m
  union all
  select m.id, m.event_count, 'owner-changed', 'system', m.successor, m.successor_agent, jsonb_build_object('from', m.leg_id)
    from moved m where m.owner)
select id as call_id, site_id, group_id, room, array_remove(array[agent_id, successor_agent], null) as agent_ids from moved`;

/**
 * An agent leaves a call that goes on with another agent. Answers with false if nobody would stay with the
 * visitor, if the leg has not joined, or if the call has changed since it was read.
 */
export async function leaveLeg(
  db: Database,
  {
    legId,
    reason,
  }: {
    readonly legId: string;
    readonly reason: 'agent-left' | 'agent-gone' | 'transferred';
  },
): Promise<boolean> {
  const { rows } = await db.query<CallChange>(LEAVE, [legId, reason]);
  notifyCalls(db, rows, { matching: true });
  return rows.length > 0;
}
