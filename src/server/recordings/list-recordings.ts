import type {
  Recording,
  RecordingManifest,
  RecordingSummary,
} from '../../protocol/rest/recordings.ts';
import { IN_SCOPE, scopeValues, type CallScope } from '../calls/call-record.ts';
import {
  paged,
  pageOf,
  pageValues,
  searchPattern,
  type Page,
  type PageRequest,
} from '../configuration/page.ts';
import type { Queryable } from '../database/database.ts';
import { ms, SKILL } from '../views/view-columns.ts';
import { unwrapRecordingKey } from './recording-key.ts';

/** What becomes of it: while the call lives, what its people see; afterwards, how far the file is. */
export const STATE = `
  case when r.file_state = 'ready' then 'ready' when r.file_state = 'failed' then 'failed'
       when r.state = 'refused' then 'refused' when c.ended_at is null and r.state <> 'stopped' then r.state
       when r.file_state = 'empty' then 'failed' when r.file_state = 'joining' then 'joining' else 'uploading' end`;

/** A `RecordingSummary`. One that was never begun, nor refused, is left out. */
const SUMMARY = `
  r.id, c.id as call, ${SKILL} as skill, c.visitor_name as visitor,
  case when a.id is not null then json_build_object('id', a.id, 'username', a.username, 'name', a.name) end as agent,
  ${STATE} as state, r.failure, ${ms('r.started_at')} as "startedAt", ${ms('r.ready_at')} as "readyAt",
  (select coalesce(json_agg(json_build_object('part', f.part, 'mime', f.mime, 'bytes', f.bytes,
                                              'seconds', f.duration_ms / 1000.0) order by f.part), '[]')
     from recording_files f where f.recording_id = r.id) as files,
  exists (select from legal_holds h where h.call_id = c.id) as hold`;

/** The rows that STATE and the summary read. */
export const FROM = `
  from recordings r join calls c on c.id = r.call_id
  join skill_groups g on g.site_id = c.site_id and g.id = c.group_id
  left join legs o on o.id = c.owner_leg_id left join agents a on a.id = o.agent_id`;

// $1 to $5 are the page's; IN_SCOPE counts from $1, so its numbers are moved.
const SCOPE = IN_SCOPE.replace(/\$(\d)/g, (_, number: string) => `$${Number(number) + 5}`);

const LIST = paged(`
  select r.*, lpad((coalesce(r."startedAt", 0))::bigint::text, 15, '0') as sort_key, r.id::text as sort_id
    from (select ${SUMMARY} ${FROM}
           where ${SCOPE} and $5::text is not null
             and (r.started_at is not null or r.state = 'refused')
             and coalesce(r.started_at, r.state_since) >= to_timestamp($9::float8 / 1000)
             and coalesce(r.started_at, r.state_since) < to_timestamp($10::float8 / 1000)
             and ($11::text is null or c.group_id = $11)
             and ($12::uuid is null or exists (
               select from legs fl where fl.call_id = c.id and fl.agent_id = $12 and fl.accepted_at is not null))
             and ($13::uuid is null or c.id = $13)
             and ($14::text is null or c.visitor_name ilike $14)
             and ($15::text is null or ${STATE} = $15)) r`);
const ORDER = '-startedAt';
const END_OF_TIME_MS = Date.UTC(9999, 0, 1);

export interface RecordingFilter {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly group?: string | undefined;
  readonly agent?: string | undefined;
  readonly call?: string | undefined;
  readonly visitor?: string | undefined;
  readonly state?: string | undefined;
}

/** The newest come first. Rejects with `bad-message` for a wrong cursor. */
export async function listRecordings(
  db: Queryable,
  scope: CallScope,
  filter: RecordingFilter,
  request: PageRequest,
): Promise<Page<RecordingSummary>> {
  type Row = RecordingSummary & { sort_key: string; sort_id: string };
  const { rows } = await db.query<Row>(LIST, [
    ...pageValues(request, ORDER),
    ...scopeValues(scope),
    Math.min(filter.from ?? 0, END_OF_TIME_MS),
    Math.min(filter.to ?? END_OF_TIME_MS, END_OF_TIME_MS),
    filter.group ?? null,
    filter.agent ?? null,
    filter.call ?? null,
    searchPattern(filter.visitor),
    filter.state ?? null,
  ]);
  return pageOf(rows, request, ORDER);
}

const READ = `select ${SUMMARY}, r.manifest, r.signature ${FROM} where ${IN_SCOPE} and r.id = $4`;

/** Undefined if there is no such recording in the scope. */
export async function readRecording(
  db: Queryable,
  scope: CallScope,
  id: string,
): Promise<Recording | undefined> {
  const { rows } = await db.query<Recording & { manifest: RecordingManifest | null }>(READ, [
    ...scopeValues(scope),
    id,
  ]);
  return rows[0];
}

interface FileRow {
  readonly name: string;
  readonly mime: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly call_id: string;
  readonly wrapped_key: Buffer;
}

/** A file that can be played, with the key that opens it. */
export interface PlayableFile extends Omit<FileRow, 'wrapped_key'> {
  readonly key: Buffer;
}

const FILE = `
select f.name, f.mime, f.bytes::float8 as bytes, encode(f.sha256, 'hex') as sha256, c.id as call_id, r.wrapped_key
  from recordings r join calls c on c.id = r.call_id join recording_files f on f.recording_id = r.id
 where ${IN_SCOPE} and r.id = $4 and f.part = $5`;

/** Undefined if there is no such file in the scope. */
export async function findRecordingFile(
  db: Queryable,
  serverKey: Uint8Array,
  scope: CallScope,
  { id, part }: { readonly id: string; readonly part: number },
): Promise<PlayableFile | undefined> {
  const { rows } = await db.query<FileRow>(FILE, [...scopeValues(scope), id, part]);
  if (!rows[0]) return undefined;
  const { wrapped_key: wrapped, ...file } = rows[0];
  return { ...file, key: unwrapRecordingKey(serverKey, id, wrapped) };
}
