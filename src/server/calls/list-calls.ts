import { RtcDeskError } from '../../protocol/errors.ts';
import type { CallPage, CallSummary } from '../../protocol/rest/calls.ts';
import { PAGE_ITEMS } from '../../protocol/rest/paging.ts';
import { searchPattern } from '../configuration/page.ts';
import type { Queryable } from '../database/database.ts';
import { TALK_SECONDS, TALK_SO_FAR } from '../views/view-columns.ts';
import { FROM, IN_SCOPE, scopeValues, SUMMARY, type CallScope } from './call-record.ts';
import { spanValues, type TimeSpan } from './time-span.ts';

/** Which calls are listed. Talk time in seconds. */
export interface CallFilter extends TimeSpan {
  readonly group?: string | undefined;
  readonly agent?: string | undefined;
  readonly state?: string | undefined;
  readonly reason?: string | undefined;
  /** A code of the tree. A branch stands for all below it. */
  readonly disposition?: string | undefined;
  readonly visitor?: string | undefined;
  readonly rating?: 'any' | 'none' | '1' | '2' | '3' | '4' | '5' | undefined;
  readonly minSeconds?: number | undefined;
  readonly maxSeconds?: number | undefined;
}

export interface CallPageRequest {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  readonly sort?: CallOrder | undefined;
}

type SortField = 'requestedAt' | 'seconds';
type CallOrder = SortField | `-${SortField}`;

/** The last call of the page before: the field of the order, its value in that call, and the call's id. */
const CURSOR = /^(requestedAt|seconds):(\d{1,18})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

interface SortKey {
  /** What is compared. Its index makes the first page of a large site quick. */
  readonly key: string;
  /** The key as a whole number in a text. */
  readonly written: string;
  /** The key that was written as the parameter $14. */
  readonly read: string;
}

const SORT_KEYS: Readonly<Record<SortField, SortKey>> = {
  // In microseconds since 1970.
  requestedAt: {
    key: 'c.requested_at',
    written: '(extract(epoch from c.requested_at) * 1000000)::bigint::text',
    read: `'epoch'::timestamptz + $14::text::bigint * interval '1 microsecond'`,
  },
  seconds: {
    key: TALK_SECONDS,
    written: `(${TALK_SECONDS})::text`,
    read: '$14::text::int',
  },
};

const listStatement = ({ key, written, read }: SortKey, isDescending: boolean): string => `
select ${SUMMARY}, ${written} as sort_key ${FROM}
 where ${IN_SCOPE}
   and c.requested_at >= to_timestamp($4::float8 / 1000) and c.requested_at < to_timestamp($5::float8 / 1000)
   and ($6::text is null or c.group_id = $6)
   and ($7::uuid is null or exists (
     select from legs fl where fl.call_id = c.id and fl.agent_id = $7 and fl.accepted_at is not null))
   and ($8::text is null or case $8 when 'live' then c.ended_at is null else c.state = $8 end)
   and ($9::text is null or c.ended_reason = $9)
   and ($10::text is null or c.visitor_name ilike $10 or v.external_id = $11)
   and ($12::float8 is null or ${TALK_SO_FAR} >= $12)
   and ($13::float8 is null or ${TALK_SO_FAR} <= $13)
   and ($14::text is null or (${key}, c.id) ${isDescending ? '<' : '>'} (${read}, $15::uuid))
   and ($17::text is null or exists (
     select from legs dl
       join dispositions d on d.site_id = dl.site_id and d.code = dl.disposition
       left join dispositions p on p.site_id = d.site_id and p.code = d.parent_code
      where dl.call_id = c.id and $17 in (d.code, d.parent_code, p.parent_code)))
   and ($18::text is null or case $18
     when 'none' then not exists (select from call_ratings fr where fr.call_id = c.id)
     else exists (select from call_ratings fr where fr.call_id = c.id and ($18 = 'any' or fr.value::text = $18)) end)
 order by ${key} ${isDescending ? 'desc' : 'asc'}, c.id ${isDescending ? 'desc' : 'asc'} limit $16`;

const STATEMENTS: Readonly<Record<CallOrder, string>> = {
  requestedAt: listStatement(SORT_KEYS.requestedAt, false),
  '-requestedAt': listStatement(SORT_KEYS.requestedAt, true),
  seconds: listStatement(SORT_KEYS.seconds, false),
  '-seconds': listStatement(SORT_KEYS.seconds, true),
};

/**
 * The newest come first, if the request says nothing else. Rejects with `bad-message` for a cursor that is not from a
 * page in the same order.
 */
export async function listCalls(
  db: Queryable,
  scope: CallScope,
  filter: CallFilter,
  { limit = PAGE_ITEMS, cursor, sort = '-requestedAt' }: CallPageRequest,
): Promise<CallPage> {
  const place = CURSOR.exec(cursor ? Buffer.from(cursor, 'base64url').toString() : '');
  const field = sort.replace(/^-/, '') as SortField;
  if (cursor !== undefined && place?.[1] !== field) {
    throw new RtcDeskError('bad-message', 'The cursor is not from a page of calls.');
  }
  const { visitor } = filter;
  const { rows } = await db.query<CallSummary & { sort_key: string }>(STATEMENTS[sort], [
    ...scopeValues(scope),
    ...spanValues(filter),
    filter.group ?? null,
    filter.agent ?? null,
    filter.state ?? null,
    filter.reason ?? null,
    searchPattern(visitor),
    visitor ?? null,
    filter.minSeconds ?? null,
    filter.maxSeconds ?? null,
    place?.[2] ?? null,
    place?.[3] ?? null,
    limit + 1,
    filter.disposition ?? null,
    filter.rating ?? null,
  ]);
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    calls: shown.map(({ sort_key: _, ...call }) => call),
    cursor: last ? Buffer.from(`${field}:${last.sort_key}.${last.id}`).toString('base64url') : null,
  };
}
