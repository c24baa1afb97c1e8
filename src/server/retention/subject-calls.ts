import type { Queryable } from '../database/database.ts';
import type { ErasedCounts, ErasureSubject } from './erasure.ts';

interface SubjectCall {
  readonly id: string;
  readonly live: boolean;
  /** It has a legal hold. */
  readonly held: boolean;
}

const HELD = 'exists (select from legal_holds h where h.call_id = c.id)';

const OF_VISITOR = `
select c.id, c.ended_at is null as live, ${HELD} as held
  from visitors v join calls c on c.visitor_id = v.id
 where v.site_id = $1 and v.external_id = $2
 order by c.requested_at, c.id limit $3`;

// A call, and the calls that the server made for its callback. Those come first: the callback is deleted together with
// the call in which the visitor asked for it.
const ONE = `
select c.id, c.ended_at is null as live, ${HELD} as held from calls c
 where c.site_id = $1 and (c.id = $2 or c.callback_id in (select f.id from follow_ups f where f.call_id = $2))
 order by c.callback_id is null, c.requested_at, c.id limit $3`;

/** The first calls that an erasure is about, in the order of their requests. `limit` null: all of them. */
export async function readSubjectCalls(
  db: Queryable,
  { siteId, kind, subject }: ErasureSubject,
  limit: number | null = null,
): Promise<SubjectCall[]> {
  const statement = kind === 'call' ? ONE : OF_VISITOR;
  return (await db.query<SubjectCall>(statement, [siteId, subject, limit])).rows;
}

const COUNT = `
with target as materialized (
  select id from calls where id = any ($1::uuid[])),
room as materialized (
  select number from rooms where call_id in (select id from target))
select (select count(*) from target)::int as calls,
       (select count(*) from legs where call_id in (select id from target))::int as legs,
       (select count(*) from call_events where call_id in (select id from target))::int as events,
       (select count(*) from room)::int as rooms,
       (select count(*) from participants where room in (select number from room))::int as participants,
       (select count(*) from messages where room in (select number from room))::int as messages,
       (select count(*) from images where room in (select number from room))::int as pictures,
       (select count(*) from call_ratings where call_id in (select id from target))::int as ratings,
       (select count(*) from call_consents where call_id in (select id from target))::int as consents,
       (select count(*) from call_device_reports where call_id in (select id from target))::int as "deviceReports",
       (select count(*) from transcript_lines where call_id in (select id from target))::int as captions,
       (select count(*) from recordings where call_id in (select id from target))::int as recordings`;

/** The rows that are deleted with these calls. */
export async function countRows(db: Queryable, callIds: readonly string[]): Promise<ErasedCounts> {
  const { rows } = await db.query<ErasedCounts>(COUNT, [callIds]);
  if (!rows[0]) throw new Error('The statement always answers a row.');
  return rows[0];
}
