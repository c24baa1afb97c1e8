import type { Database } from '../database/database.ts';
import { notifyCalls, type CallChange } from './call-change.ts';
import { closing } from '../rooms/close-rooms.ts';

/**
 * A statement that ends calls. `target` selects, without a lock, `c.id, c.epoch, c.state`, the agent
 * who has the call or an active offer of it (or null), and the reason. A call that moved since it was
 * read has another epoch and is left alone: the caller reads again. An agent who was in the room goes
 * into wrap-up. Answers with EndedCalls,
 * the call's id as their key.
 */
export const end = (target: string): string => `
with target (id, epoch, state, agent_id, reason) as materialized (${target}),
ended as (
  update calls c set state = 'ended', epoch = c.epoch + 1, ended_at = clock_timestamp(), ended_reason = t.reason,
                     enter_by = null
    from target t
   where c.id = t.id and c.epoch = t.epoch and c.state <> 'ended'
  returning c.id, c.epoch, c.site_id, c.group_id, c.room, t.state as was, t.agent_id, t.reason),
closed as (
  update offers o set state = 'withdrawn', closed_at = now() from ended e
   where o.call_id = e.id and o.closed_at is null),
freed as (
  update agents a
     set load = a.load - f.calls,
         wrap_up_call = coalesce(f.wrap_up, a.wrap_up_call),
         wrap_up_until = case when f.wrap_up is null then a.wrap_up_until
                              else now() + make_interval(secs => f.seconds) end,
         idle_since = case when f.talked then now() else a.idle_since end
    from (select e.agent_id, count(*)::int as calls,
                 bool_or(e.was in ('ready', 'connected')) as talked,
                 max(g.wrap_up_seconds) as seconds,
                 (array_agg(e.id) filter (where e.was in ('ready', 'connected') and g.wrap_up_seconds > 0))[1] as wrap_up
            from ended e join skill_groups g on g.site_id = e.site_id and g.id = e.group_id
           where e.agent_id is not null group by e.agent_id) f
   where a.id = f.agent_id),
${closing('from ended e where r.number = e.room')}
select id as key, id as call_id, site_id, group_id, agent_id, room, was in ('queued', 'offered') as waited
  from ended`;

export interface EndedCall extends CallChange {
  /** It ended while it still had its place in the line. */
  readonly waited: boolean;
}

/** To be called after the commit. */
export function notifyEnded(db: Database, ended: readonly EndedCall[]): void {
  for (const call of ended) notifyCalls(db, [call], { line: call.waited, matching: true });
}
