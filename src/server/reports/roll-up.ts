import type { Database, Queryable } from '../database/database.ts';
import { histogramArray } from './histogram.ts';

/** Calls of one step: some tenths of a second, so that nobody waits for its locks. */
const STEP_CALLS = 1_000;

// The legs are counted call by call: a join would read all legs of the database.
const OVER = `
select c.id from calls c
 where c.reported_at is null and c.ended_at is not null
   and (select count(*) from legs l where l.call_id = c.id and l.closed_at is null) = 0
 order by c.site_id, c.requested_at
 limit ${STEP_CALLS} for update of c skip locked`;

// The rows are inserted in the order of the unique index, so that two nodes wait for each other instead of a deadlock.
const COUNT = `
with chosen as (
  update calls set reported_at = now()
   where id = any ($1::uuid[]) and ended_at is not null and reported_at is null
  returning id)
insert into report_hours as r (
  site_id, dimension, hour, group_id, agent_id, disposition, calls, offered, answered, answered_in_time, abandoned,
  abandoned_early, answer_wait_ms, abandon_wait_ms, longest_wait_ms, rings, missed, declined, handled, talk_ms,
  wrap_up_ms, wait_histogram, handling_histogram)
select f.site_id, f.dimension, f.hour, f.group_id, f.agent_id, f.disposition, sum(f.calls), sum(f.offered),
       sum(f.answered), sum(f.answered_in_time), sum(f.abandoned), sum(f.abandoned_early), sum(f.answer_wait_ms),
       sum(f.abandon_wait_ms), max(f.longest_wait_ms), sum(f.rings), sum(f.missed), sum(f.declined), sum(f.handled),
       sum(f.talk_ms), sum(f.wrap_up_ms),
       case when f.dimension = 'group' then
         ${histogramArray((bucket) => `count(*) filter (where f.wait_bucket = ${bucket})`)} end,
       ${histogramArray((bucket) => `count(*) filter (where f.handling_bucket = ${bucket})`)}
  from report_facts f
 where f.call_id = any ($1::uuid[]) and f.call_id in (select id from chosen)
 group by 1, 2, 3, 4, 5, 6
 order by 1, 2, 3, 4, 5, 6
on conflict (site_id, dimension, hour, group_id, agent_id, disposition) do update set
  calls = r.calls + excluded.calls, offered = r.offered + excluded.offered, answered = r.answered + excluded.answered,
  answered_in_time = r.answered_in_time + excluded.answered_in_time, abandoned = r.abandoned + excluded.abandoned,
  abandoned_early = r.abandoned_early + excluded.abandoned_early,
  answer_wait_ms = r.answer_wait_ms + excluded.answer_wait_ms,
  abandon_wait_ms = r.abandon_wait_ms + excluded.abandon_wait_ms,
  longest_wait_ms = greatest(r.longest_wait_ms, excluded.longest_wait_ms), rings = r.rings + excluded.rings,
  missed = r.missed + excluded.missed, declined = r.declined + excluded.declined,
  handled = r.handled + excluded.handled, talk_ms = r.talk_ms + excluded.talk_ms,
  wrap_up_ms = r.wrap_up_ms + excluded.wrap_up_ms,
  wait_histogram = case when r.dimension = 'group' then
    ${histogramArray((bucket) => `r.wait_histogram[${bucket + 1}] + excluded.wait_histogram[${bucket + 1}]`)} end,
  handling_histogram =
    ${histogramArray((bucket) => `r.handling_histogram[${bucket + 1}] + excluded.handling_histogram[${bucket + 1}]`)}`;

/**
 * Adds ended calls to the figures and marks them, so that none is counted twice. A call that is live, or was counted
 * before, changes nothing. Call it in the transaction that has locked the calls, or that deletes them.
 */
export async function countCalls(tx: Queryable, ids: readonly string[]): Promise<void> {
  await tx.query(COUNT, [ids]);
}

/**
 * Adds the next calls that are over to the figures. Resolves to whether there may be more: then run it again. A step is
 * one transaction, and skips calls that another node has locked. So several nodes may run it, and a kill loses nothing.
 */
export async function rollUpCalls(db: Database): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<{ id: string }>(OVER, []);
    if (rows.length === 0) return false;
    await countCalls(
      tx,
      rows.map(({ id }) => id),
    );
    return rows.length === STEP_CALLS;
  });
}
