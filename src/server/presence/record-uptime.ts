import type { Database } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';

// The row of service_heartbeat is the lock: of several nodes that come back in one moment, one sees the gap.
// What began before the gap is moved. What began after it was written by a node that came back a moment earlier.
// A node may have lived on during the gap, so each gets time for another heartbeat.
const RECORD = `
with last as materialized (select at from service_heartbeat for update),
recorded as (update service_heartbeat set at = clock_timestamp()),
gap as materialized (
  select clock_timestamp() - last.at as length,
         last.at + make_interval(secs => ${timeouts.gap}) as began
    from last where last.at < clock_timestamp() - make_interval(secs => ${timeouts.gap})),
moved_nodes as (
  update nodes n
     set heartbeat_at = greatest(
           n.heartbeat_at,
           clock_timestamp() - make_interval(secs => ${timeouts.node - timeouts.nodeAfterGap}))
    from gap),
moved_legs as (
  update legs l set deadline = l.deadline + gap.length from gap
   where (l.state = 'offered' and l.offered_at < gap.began)
      or (l.state = 'accepted' and l.accepted_at < gap.began)
  returning l.agent_id),
moved_calls as (
  update calls c
     set enter_by = case when c.ready_at < gap.began then c.enter_by + gap.length else c.enter_by end,
         visitor_gone_at = case when c.visitor_gone_at < gap.began then c.visitor_gone_at + gap.length
                                else c.visitor_gone_at end
    from gap
   where c.ended_at is null and (c.enter_by is not null or c.visitor_gone_at is not null)),
moved_agents as (
  update agents a
     set gone_at = case when a.gone_at < gap.began then a.gone_at + gap.length else a.gone_at end,
         active_tab_lost_at = case when a.active_tab_lost_at < gap.began then a.active_tab_lost_at + gap.length
                                   else a.active_tab_lost_at end
    from gap
   where (a.gone_at is not null or a.active_tab_lost_at is not null)
     and exists (select from legs l
                  where l.agent_id = a.id and l.state in ('offered', 'accepted', 'joined')))
select extract(epoch from gap.length)::float8 as seconds,
       array(select l.agent_id from moved_legs l) as agent_ids
  from gap`;

/**
 * Records that a server runs. If none ran for a while (the database was away, all servers were
 * stopped), that gap does not count: every deadline and every grace moves by its length. So nobody is given up for
 * something that could not be done. Answers with the length of the gap in seconds, 0 if there was none.
 */
export async function recordUptime(db: Database): Promise<number> {
  const { rows } = await db.query<{ seconds: number; agent_ids: string[] }>(RECORD, []);
  const gap = rows[0];
  if (!gap) return 0;
  if (gap.agent_ids.length > 0) {
    db.wake.notify(...gap.agent_ids.map((agent) => `agent:${agent}` as const));
  }
  return gap.seconds;
}
