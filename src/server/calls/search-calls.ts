import { RtcDeskError } from '../../protocol/errors.ts';
import type { CallSearchPage, FoundCall } from '../../protocol/rest/call-search.ts';
import { searchPattern } from '../configuration/page.ts';
import type { Queryable } from '../database/database.ts';
import { ms } from '../views/view-columns.ts';
import { FROM, IN_SCOPE, scopeValues, SUMMARY, type CallScope } from './call-record.ts';
import { spanValues, type TimeSpan } from './time-span.ts';

/** Calls that one page looks through. It bounds the time of a request: a few tenths of a second. */
const MAX_SCANNED = 500;
/** Lines of one call that are shown. */
const MAX_LINES = 5;
/** The last call that was looked through: its time in microseconds since 1970, and its id. */
const CURSOR = /^(\d{1,18})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

// Newest first, by the index that the list of calls uses.
const SCAN = `
select c.id, (extract(epoch from c.requested_at) * 1000000)::bigint::text as time, ${ms('c.requested_at')} as at
  from calls c
 where ${IN_SCOPE}
   and c.requested_at >= to_timestamp($4::float8 / 1000) and c.requested_at < to_timestamp($5::float8 / 1000)
   and ($6::text is null or c.group_id = $6)
   and ($7::uuid is null or exists (
     select from legs fl where fl.call_id = c.id and fl.agent_id = $7 and fl.accepted_at is not null))
   and ($8::text is null
        or (c.requested_at, c.id) < ('epoch'::timestamptz + $8::text::bigint * interval '1 microsecond', $9::uuid))
 order by c.requested_at desc, c.id desc limit $10`;

// A part of a word is found in any language: Chinese has no spaces between words, by which an index could split it.
const FIND = `
with line as materialized (
  select c.id as call_id, 'chat' as kind, m.sent_at as at, m.id, p.name, p.role, m.text
    from calls c join messages m on m.room = c.room join participants p on p.id = m.participant_id
   where c.id = any ($4::uuid[]) and m.text ilike $5
  union all
  select t.call_id, 'caption', t.spoken_at, t.id, p.name, p.role, said.text
    from transcript_lines t join participants p on p.id = t.participant_id
   cross join lateral (
     select text from (select t.text, 0 as place
                       union all
                       select translation ->> 'text', 1 from jsonb_array_elements(t.translations) translation) texts
      where text ilike $5 order by place limit 1) said
   where t.call_id = any ($4::uuid[])
  union all
  select n.call_id, 'note', n.saved_at, n.agent_id, a.name, 'agent', n.text
    from (select distinct on (n.call_id, n.agent_id) n.call_id, n.agent_id, n.saved_at, n.text
            from call_notes n where n.call_id = any ($4::uuid[])
           order by n.call_id, n.agent_id, n.version desc) n
    join agents a on a.id = n.agent_id
   where n.text ilike $5),
numbered as (
  select line.*, row_number() over (partition by call_id order by at, id) as n,
         count(*) over (partition by call_id) as total
    from line),
found as (
  select call_id, max(total)::int as total,
         json_agg(json_build_object('kind', kind, 'at', ${ms('at')}, 'name', name, 'role', role, 'text', text)
                  order by n) filter (where n <= ${MAX_LINES}) as lines
    from numbered group by call_id)
select ${SUMMARY}, found.lines, found.total ${FROM} join found on found.call_id = c.id
 where ${IN_SCOPE}
 order by c.requested_at desc, c.id desc limit $6`;

/** Which calls are searched. */
export interface CallSearch extends TimeSpan {
  /** Found anywhere in a line; case does not matter. */
  readonly text: string;
  readonly group?: string | undefined;
  readonly agent?: string | undefined;
}

/**
 * Looks for a text in the chat, the transcripts and the newest notes of calls, the newest calls first. A page looks
 * through a bounded number of calls, so it may be empty although there are more. Rejects with `bad-message` for a wrong
 * cursor.
 */
export async function searchCalls(
  db: Queryable,
  scope: CallScope,
  { text, group, agent, ...span }: CallSearch,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<CallSearchPage> {
  const place = CURSOR.exec(cursor ? Buffer.from(cursor, 'base64url').toString() : '');
  if (cursor !== undefined && !place) {
    throw new RtcDeskError('bad-message', 'The cursor is not from a page of this search.');
  }
  const scanned = await db.query<{ id: string; time: string; at: number }>(SCAN, [
    ...scopeValues(scope),
    ...spanValues(span),
    group ?? null,
    agent ?? null,
    place?.[1] ?? null,
    place?.[2] ?? null,
    MAX_SCANNED,
  ]);
  type Row = FoundCall['call'] & Pick<FoundCall, 'lines' | 'total'>;
  const { rows } = await db.query<Row>(FIND, [
    ...scopeValues(scope),
    scanned.rows.map(({ id }) => id),
    searchPattern(text),
    limit + 1,
  ]);
  const items = rows.slice(0, limit).map(({ lines, total, ...call }) => ({ call, lines, total }));
  // Where the page is full, the next one begins after its last call.
  const full = rows.length > limit ? items.at(-1)?.call.id : undefined;
  const last = full ? scanned.rows.find(({ id }) => id === full) : scanned.rows.at(-1);
  const more = full !== undefined || scanned.rows.length === MAX_SCANNED;
  return {
    items,
    cursor: last && more ? Buffer.from(`${last.time}.${last.id}`).toString('base64url') : null,
    searchedTo: last?.at ?? null,
  };
}
