import { RtcDeskError } from '../../protocol/errors.ts';
import {
  MAX_REPORT_ROWS,
  type Report,
  type ReportQuery,
  type ReportRow,
} from '../../protocol/rest/reports.ts';
import type { Database, Queryable } from '../database/database.ts';
import { addUp, figuresOf, type Sums } from './figures.ts';
import { histogramArray } from './histogram.ts';

/** Whose figures are read: those of the site, or only of these groups. */
export interface ReportScope {
  readonly siteId: string;
  readonly groups: readonly string[] | null;
}

// The first moment of the first day, and of the day after the last.
const SPAN = `
select s.time_zone as "timeZone",
       ($2::date)::timestamp at time zone s.time_zone as first,
       ($3::date + 1)::timestamp at time zone s.time_zone as last,
       $4::text is null or exists (
         select from skill_groups g
          where g.site_id = s.id and g.id = $4 and ($5::text[] is null or g.id = any ($5))) as "groupFound"
  from sites s where s.id = $1`;

const NO_WAITS = `'[]'::json`;
const SUMMED_WAITS = `to_json(${histogramArray((bucket) => `coalesce(sum(f.wait_histogram[${bucket + 1}]), 0)`)})`;

// What is counted, and what has ended but is not counted yet: one statement sees each call in one of them.
const read = (waits: string): string => `
with found as (
  select r.hour, r.group_id, r.agent_id, r.disposition, r.calls, r.offered, r.answered, r.answered_in_time, r.abandoned,
         r.abandoned_early, r.answer_wait_ms, r.abandon_wait_ms, r.longest_wait_ms, r.rings, r.missed, r.declined,
         r.handled, r.talk_ms, r.wrap_up_ms, r.wait_histogram, r.handling_histogram
    from report_hours r
   where r.site_id = $1 and r.dimension = $2 and r.hour >= $3 and r.hour < $4
     and ($5::text[] is null or r.group_id = any ($5))
  union all
  select f.hour, f.group_id, f.agent_id, f.disposition, f.calls, f.offered, f.answered, f.answered_in_time, f.abandoned,
         f.abandoned_early, f.answer_wait_ms, f.abandon_wait_ms, f.longest_wait_ms, f.rings, f.missed, f.declined,
         f.handled, f.talk_ms, f.wrap_up_ms,
         case when f.dimension = 'group' then ${histogramArray((bucket) => `(f.wait_bucket = ${bucket})::int`)} end,
         ${histogramArray((bucket) => `(f.handling_bucket = ${bucket})::int`)}
    from report_facts f
   where f.site_id = $1 and f.reported_at is null and f.dimension = $2
     and f.requested_at >= $3 and f.requested_at < $4
     and ($5::text[] is null or f.group_id = any ($5))),
summed as (
  select case when $6::text is null then $7::date else date_trunc($6, f.hour at time zone $8)::date end as start,
         case $9 when 'group' then f.group_id
                 when 'agent' then f.agent_id::text
                 when 'disposition' then f.disposition
                 else extract(hour from f.hour at time zone $8)::text end as key,
         sum(f.calls)::float8 as calls, sum(f.offered)::float8 as offered, sum(f.answered)::float8 as answered,
         sum(f.answered_in_time)::float8 as "answeredInTime", sum(f.abandoned)::float8 as abandoned,
         sum(f.abandoned_early)::float8 as "abandonedEarly", sum(f.answer_wait_ms)::float8 as "answerWaitMs",
         sum(f.abandon_wait_ms)::float8 as "abandonWaitMs", max(f.longest_wait_ms)::float8 as "longestWaitMs",
         sum(f.rings)::float8 as rings, sum(f.missed)::float8 as missed, sum(f.declined)::float8 as declined,
         sum(f.handled)::float8 as handled, sum(f.talk_ms)::float8 as "talkMs", sum(f.wrap_up_ms)::float8 as "wrapUpMs",
         ${waits} as waits,
         to_json(${histogramArray((bucket) => `coalesce(sum(f.handling_histogram[${bucket + 1}]), 0)`)}) as handlings
    from found f group by 1, 2)
select t.*, to_char(t.start, 'YYYY-MM-DD') as start, coalesce(g.name, a.name) as name, d.label
  from summed t
  left join skill_groups g on $9 = 'group' and g.site_id = $1 and g.id = t.key
  left join agents a on $9 = 'agent' and a.site_id = $1 and a.id::text = t.key
  left join dispositions d on $9 = 'disposition' and d.site_id = $1 and d.code = t.key
 order by t.start, g.position, lower(a.name), case when $9 = 'hour' then t.key::int end, t.key
 limit ${MAX_REPORT_ROWS + 1}`;

const READ = read(NO_WAITS);
/** Rows of groups only have a histogram of waits. */
const READ_WITH_WAITS = read(SUMMED_WAITS);

/**
 * A limit, not an allocation. The planner expects up to 20,000 groups of some kB each, and with the default of 4 MB it
 * sorts all rows instead. For a year of 1,000,000 calls by agent and month that is a file of 44 MB on the disk, and the
 * report takes half as long again. A hash of the groups takes 1.3 MB.
 */
const MEMORY = `select set_config('work_mem', '64MB', true)`;

interface Row extends Sums, Pick<ReportRow, 'start' | 'key' | 'name' | 'label'> {}

/**
 * The report of a time span. Rejects with `bad-message` for a wrong span or too many rows, with `not-found` for a group
 * that is not in the scope.
 */
export async function readReport(
  db: Pick<Database, 'transaction'>,
  scope: ReportScope,
  query: Omit<ReportQuery, 'format'>,
): Promise<Report> {
  const { from, to } = query;
  for (const [name, day] of Object.entries({ from, to })) {
    if (!isDay(day)) throw new RtcDeskError('bad-message', `${name}: there is no such day.`);
  }
  if (to < from) throw new RtcDeskError('bad-message', 'to: the last day is before the first.');
  return db.transaction((tx) => readSpan(tx, scope, query));
}

async function readSpan(
  tx: Queryable,
  { siteId, groups }: ReportScope,
  { from, to, by, interval, group }: Omit<ReportQuery, 'format'>,
): Promise<Report> {
  const span = await tx.query<{ timeZone: string; first: Date; last: Date; groupFound: boolean }>(
    SPAN,
    [siteId, from, to, group ?? null, groups],
  );
  const [{ timeZone, first, last, groupFound } = { groupFound: false }] = span.rows;
  if (!groupFound) throw new RtcDeskError('not-found', 'Your site has no such skill group.');
  await tx.query(MEMORY);
  const { rows } = await tx.query<Row>(by === 'group' || by === 'hour' ? READ_WITH_WAITS : READ, [
    siteId,
    by === 'hour' ? 'group' : by,
    first,
    last,
    group === undefined ? groups : [group],
    interval ?? null,
    from,
    timeZone,
    by,
  ]);
  if (rows.length > MAX_REPORT_ROWS) {
    throw new RtcDeskError(
      'bad-message',
      `The report has more than ${MAX_REPORT_ROWS} rows. Choose longer intervals or a shorter time.`,
    );
  }
  return {
    from,
    to,
    timeZone: timeZone ?? 'UTC',
    by,
    interval: interval ?? null,
    rows: rows.map((row) => {
      const { start, key, name, label } = row;
      return { start, key, name, label, ...figuresOf(row) };
    }),
    total: figuresOf(addUp(rows)),
  };
}

/** The pattern of dates takes 30 February too. */
export function isDay(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
