import type { Database } from '../database/database.ts';
import { notifyCalls, type CallChange } from '../calls/call-change.ts';
import { timeouts } from '../settings/timeouts.ts';

/** In a statement that takes something back: only while it is certain that there was a server till now. */
export const SERVED_TILL_NOW = `
  exists (select from service where alive_at > clock_timestamp() - make_interval(secs => ${timeouts.gap}))`;

/** What began while there was a server; the rest was written by one that came back a moment before. */
const before = (time: string): string =>
  `${time} < g.since + make_interval(secs => ${timeouts.gap})`;

// The row of the service is the lock: of several nodes that come back in one moment one sees the gap.
// A node may live on, and is given a moment to show it.
const NOTE = `
with was as materialized (select alive_at from service for update),
noted as (update service set alive_at = clock_timestamp()),
gap as materialized (
  select alive_at as since, clock_timestamp() - alive_at as length from was
   where alive_at < clock_timestamp() - make_interval(secs => ${timeouts.gap})),
beating as (
  update nodes n
     set heartbeat_at = greatest(n.heartbeat_at, clock_timestamp() - make_interval(secs => ${timeouts.node - timeouts.comingNode}))
    from gap g),
ringing as (
  update offers o set deadline = o.deadline + g.length from gap g
   where o.state = 'active' and ${before('o.offered_at')}
  returning o.call_id, o.agent_id),
coming as (
  update calls c
     set enter_by = case when ${before('coalesce(c.ready_at, c.accepted_at)')}
                         then c.enter_by + g.length else c.enter_by end,
         visitor_gone_at = case when ${before('c.visitor_gone_at')}
                                then c.visitor_gone_at + g.length else c.visitor_gone_at end
    from gap g
   where c.ended_reason is null and (c.enter_by is not null or c.visitor_gone_at is not null)),
away as (
  update agents a
     set gone_at = case when ${before('a.gone_at')} then a.gone_at + g.length else a.gone_at end,
         charge_lost_at = case when ${before('a.charge_lost_at')}
                               then a.charge_lost_at + g.length else a.charge_lost_at end
    from gap g
   where a.load > 0 and (a.gone_at is not null or a.charge_lost_at is not null))
select extract(epoch from g.length)::float8 as seconds,
       (select coalesce(json_agg(json_build_object('call_id', c.id, 'site_id', c.site_id,
                 'group_id', c.group_id, 'agent_id', r.agent_id, 'room', c.room)), '[]')
          from ringing r join calls c on c.id = r.call_id) as ringing
  from gap g`;

/**
 * Writes down that there is a server. Where there was none for a while (the database was away, all were
 * stopped) that time does not count: every deadline and every grace is moved on by it, so that nobody is
 * given up for not having done what could not be done. Answers with its length in seconds, else 0.
 */
export async function noteLife(db: Database): Promise<number> {
  const { rows } = await db.query<{ seconds: number; ringing: CallChange[] }>(NOTE, []);
  const gap = rows[0];
  if (!gap) return 0;
  notifyCalls(db, gap.ringing);
  return gap.seconds;
}
