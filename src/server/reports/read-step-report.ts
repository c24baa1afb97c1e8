import { RtcDeskError } from '../../protocol/errors.ts';
import type { StepReport, StepReportQuery } from '../../protocol/rest/step-report.ts';
import type { Queryable } from '../database/database.ts';
import { isDay, type ReportScope } from './read-report.ts';

/** The upper bounds of the distribution, in ms. */
const BOUNDS_MS = [500, 1_000, 2_000, 3_000, 5_000, 10_000];

const FOUND = `
found as materialized (
  select t.*, t.press + t.accept + t.enter + t.visitor_frame as setup
    from sites s join call_steps t on t.site_id = s.id
   where s.id = $1
     and t.requested_at >= ($2::date)::timestamp at time zone s.time_zone
     and t.requested_at < ($3::date + 1)::timestamp at time zone s.time_zone
     and ($4::text[] is null or t.group_id = any ($4)) and ($5::text is null or t.group_id = $5))`;

const READ_STEPS = `
with ${FOUND}
select o.step, count(n.ms)::int as calls,
       percentile_cont(0.5) within group (order by n.ms) as median,
       percentile_cont(0.9) within group (order by n.ms) as p90,
       percentile_cont(0.99) within group (order by n.ms) as p99
  from (values (1, 'total'), (2, 'setup'), (3, 'press'), (4, 'queue'), (5, 'ring'), (6, 'accept'), (7, 'enter'),
               (8, 'visitorFrame'), (9, 'agentFrame')) o (place, step)
  left join (
    select v.step, v.ms from found f, lateral (values
      ('total', f.total), ('setup', f.setup), ('press', f.press), ('queue', f.queue), ('ring', f.ring),
      ('accept', f.accept), ('enter', f.enter), ('visitorFrame', f.visitor_frame), ('agentFrame', f.agent_frame)
    ) v (step, ms)) n on n.step = o.step
 group by o.place, o.step order by o.place`;

const READ_SETUP = `
with ${FOUND}
select b.below, (
         select count(*) from found f
          where f.setup is not null and (b.below is null or f.setup < b.below) and f.setup >= coalesce(b.above, 0))::int as calls
  from (select x.below, lag(x.below) over (order by x.below nulls last) as above
          from unnest($6::int[]) x (below)) b
 order by b.below nulls last`;

/**
 * How long it took from the press to the first picture, of the calls that are kept of these days. Rejects with
 * `bad-message` for a day that does not exist.
 */
export async function readStepReport(
  db: Queryable,
  { siteId, groups }: ReportScope,
  { from, to, group }: StepReportQuery,
): Promise<StepReport> {
  for (const [name, day] of Object.entries({ from, to })) {
    if (!isDay(day)) throw new RtcDeskError('bad-message', `${name}: there is no such day.`);
  }
  const values = [siteId, from, to, groups, group ?? null];
  const steps = await db.query<StepReport['steps'][number]>(READ_STEPS, values);
  const setup = await db.query<StepReport['setup'][number]>(READ_SETUP, [
    ...values,
    [...BOUNDS_MS, null],
  ]);
  return { steps: steps.rows, setup: setup.rows };
}
