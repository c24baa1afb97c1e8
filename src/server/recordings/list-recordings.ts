import type {
  Recording,
  RecordingManifest,
  RecordingSummary,
} from '../../protocol/rest/recordings.ts';
import { IN_SCOPE, scopeValues, type CallScope } from '../calls/call-record.ts';
import { spanValues, type TimeSpan } from '../calls/time-span.ts';
import {
  paged,
  pageOf,
  pageValues,
  searchPattern,
  type Page,
  type PageRequest,
} from '../configuration/page.ts';
import type { Queryable } from '../database/database.ts';
import type { RecordingStorage } from '../tencent/recording-storage.ts';
import { ms, SKILL } from '../views/view-columns.ts';
import { unwrapRecordingKey } from './recording-key.ts';
import type { StoredFile } from './stored-file.ts';

/** What becomes of it: while the call lives, what its people see; afterwards, how far the file is. */
export const STATE = `
  case when r.file_state = 'ready' then 'ready' when r.file_state = 'failed' then 'failed'
       when r.state = 'refused' then 'refused' when c.ended_at is null and r.state <> 'stopped' then r.state
       when r.file_state = 'empty' then 'failed' when r.file_state = 'joining' then 'joining' else 'uploading' end`;

/** The files of the row `r` of recordings that can be played: the server's own, and those of TRTC's cloud. */
export const FILES = `(select coalesce(json_agg(f.file order by f.part), '[]') from (
     select f.part, json_build_object('part', f.part, 'mime', f.mime, 'bytes', f.bytes,
                                      'seconds', f.duration_ms / 1000.0) as file
       from recording_files f where f.recording_id = r.id
     union all
     select f.part, json_build_object('part', f.part, 'mime', 'video/mp4', 'bytes', f.bytes,
                                      'seconds', f.duration_ms / 1000.0, 'cloud', f.storage ->> 'kind')
       from cloud_files_of(r.id) f where r.file_state in ('ready', 'failed')) f)`;

/** A `RecordingSummary`. One that was never begun, nor refused, is left out. */
const SUMMARY = `
  r.id, c.id as call, ${SKILL} as skill, c.visitor_name as visitor,
  case when a.id is not null then json_build_object('id', a.id, 'username', a.username, 'name', a.name) end as agent,
  ${STATE} as state, r.failure, ${ms('r.started_at')} as "startedAt", ${ms('r.ready_at')} as "readyAt",
  ${FILES} as files,
  (select f.move_failure from recording_files f
    where f.recording_id = r.id and f.move_failure is not null order by f.part limit 1) as "moveFailure",
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

export interface RecordingFilter extends TimeSpan {
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
    ...spanValues(filter),
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

/** A file that can be played, with the key that opens it. */
export interface PlayableFile extends StoredFile {
  readonly mime: string;
  readonly sha256: string;
  readonly call_id: string;
}

interface FileRow extends Omit<PlayableFile, 'key'> {
  readonly wrapped_key: Buffer;
}

const FILE = `
select r.id as recording, f.name, f.mime, f.bytes::float8 as bytes, encode(f.sha256, 'hex') as sha256,
       case when f.moved_at is not null then f.address end as address, c.id as call_id, r.wrapped_key
  from recordings r join calls c on c.id = r.call_id join recording_files f on f.recording_id = r.id
 where ${IN_SCOPE} and r.id = $4 and f.part = $5`;

/** A file that TRTC's cloud has stored. */
export interface CloudFile {
  readonly name: string;
  /** At VOD: where it can be seen. */
  readonly url: string | null;
  readonly storage: RecordingStorage;
  readonly bytes: number | null;
  readonly etag: string | null;
  readonly mime: string;
}

const CLOUD_FILE = `
select f.name, f.url, f.storage, f.bytes, f.etag, 'video/mp4' as mime
  from recordings r join calls c on c.id = r.call_id cross join cloud_files_of(r.id) f
 where ${IN_SCOPE} and r.id = $4 and f.part = $5 and r.file_state in ('ready', 'failed')`;

/** Undefined if there is no such file in the scope. */
export async function findCloudFile(
  db: Queryable,
  scope: CallScope,
  { id, part }: { readonly id: string; readonly part: number },
): Promise<CloudFile | undefined> {
  const { rows } = await db.query<CloudFile>(CLOUD_FILE, [...scopeValues(scope), id, part]);
  return rows[0];
}

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
