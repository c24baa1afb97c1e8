import type { RecordingReport } from '../../protocol/rest/recordings.ts';
import { IN_SCOPE, scopeValues, type CallScope } from '../calls/call-record.ts';
import { spanValues, type TimeSpan } from '../calls/time-span.ts';
import type { Queryable } from '../database/database.ts';
import { ms, SKILL } from '../views/view-columns.ts';
import { FROM, STATE } from './list-recordings.ts';

/** Unrecorded calls that are named: the newest. */
const MAX_NAMED = 20;

const READ = `
with found as materialized (
  select c.id as call, ${STATE} as state, r.failure, ${SKILL} as skill,
         c.connected_at, r.rule ->> 'mode' = 'always' as always, c.ended_at is null as live,
         case when a.id is not null then json_build_object('id', a.id, 'username', a.username, 'name', a.name) end as agent
    ${FROM}
   where ${IN_SCOPE} and c.connected_at is not null
     and coalesce(r.started_at, r.state_since) >= to_timestamp($4::float8 / 1000)
     and coalesce(r.started_at, r.state_since) < to_timestamp($5::float8 / 1000)
     and ($6::text is null or c.group_id = $6)),
unrecorded as (
  select * from found where always and state in ('failed', 'refused'))
select (select count(*)::int from found where state = 'ready') as recorded,
       (select count(*)::int from found where state = 'failed') as failed,
       (select count(*)::int from found where state = 'refused') as refused,
       (select count(*)::int from found where state in ('uploading', 'joining')) as waiting,
       (select count(*)::int from found where state in ('asked', 'recording', 'paused')) as live,
       (select count(*)::int from unrecorded) as unrecorded,
       (select coalesce(json_agg(json_build_object(
                 'call', u.call, 'skill', u.skill, 'agent', u.agent, 'state', u.state,
                 'failure', u.failure, 'live', u.live, 'connectedAt', ${ms('u.connected_at')})
                 order by u.connected_at desc), '[]')
          from (select * from unrecorded order by connected_at desc limit ${MAX_NAMED}) u) as "unrecordedCalls"`;

export interface RecordingPeriod extends TimeSpan {
  readonly group?: string | undefined;
}

/** What became of the recordings of a time, and which calls talked unrecorded though they were always to be recorded. */
export async function readRecordingReport(
  db: Queryable,
  scope: CallScope,
  { group, ...span }: RecordingPeriod,
): Promise<RecordingReport> {
  const { rows } = await db.query<RecordingReport>(READ, [
    ...scopeValues(scope),
    ...spanValues(span),
    group ?? null,
  ]);
  if (!rows[0]) throw new Error('The report has one row.');
  return rows[0];
}
