import { closing } from '../rooms/close-rooms.ts';
import { recording } from '../queue/recording.ts';
import { MISSES_TO_AWAY } from '../settings/timeouts.ts';

/**
 * The calls that have an agent, with who it is; for targets of the statements below. Migration 0017 has by which words
 * an offer is found by its key, and by which all that ring.
 */
export const HELD_CALLS = `
  calls c left join offers o on o.call_id = c.id and o.closed_at is null
          join agents a on a.id = coalesce(c.agent_id, o.agent_id)`;

/**
 * A statement that puts calls back into the queue, in their old place, and frees their agents. `target`
 * selects from HELD_CALLS without a lock: `c.id, c.epoch, c.state, a.id as agent_id, c.room`, then the
 * closed offer's state, then the reason. A call that moved since it was read has another epoch and is
 * left alone. Answers with CallChanges.
 */
export const requeue = (target: string): string => `
with target (id, epoch, state, agent_id, room, offer_state, reason) as materialized (${target}),
moved as (
  update calls c set state = 'queued', epoch = c.epoch + 1, past_epoch = c.epoch + 1, agent_id = null, room = null,
                     accepted_at = null, enter_by = null, ready_at = null
    from target t
   where c.id = t.id and c.epoch = t.epoch and c.state in ('offered', 'accepted', 'ready')
  returning c.id, c.epoch, c.site_id, c.group_id, t.state as was, t.agent_id, t.room, t.offer_state, t.reason),
${recording(`select id, epoch, was, 'queued', agent_id, reason from moved`)},
closed as (
  update offers o set state = m.offer_state, closed_at = now() from moved m
   where o.call_id = m.id and o.closed_at is null),
freed as (
  update agents a
     set load = a.load - f.calls,
         missed_in_row = case when f.declined then 0 else a.missed_in_row + f.missed end,
         status = case when ${AWAY()} then 'away' else a.status end,
         status_since = case when ${AWAY()} then now() else a.status_since end
    from (select agent_id, count(*)::int as calls,
                 bool_or(offer_state = 'declined') as declined,
                 (count(*) filter (where offer_state = 'missed'))::int as missed
            from moved group by agent_id) f
   where a.id = f.agent_id),
${closing('from moved m where r.number = m.room')}
select id as call_id, site_id, group_id, agent_id, room from moved`;

function AWAY(): string {
  return `a.status = 'available' and f.missed > 0 and a.missed_in_row + f.missed >= ${MISSES_TO_AWAY}`;
}
