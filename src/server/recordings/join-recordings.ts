import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { Logger } from 'pino';
import type { RecordingManifest } from '../../protocol/rest/recordings.ts';
import type { Database, Queryable } from '../database/database.ts';
import { signManifest } from '../identity/manifest-signature.ts';
import { isDiskFull } from '../settings/disk-full.ts';
import { ms } from '../views/view-columns.ts';
import { joinThreadUrl, type Joined, type JoinTask } from './join-thread.ts';
import type { RecordingFolder } from './recording-folder.ts';
import { unwrapRecordingKey } from './recording-key.ts';

let threads: Piscina<JoinTask, Joined> | null = null;

/** One thread for the process: it takes a processor while it works. */
function joinInThread(task: JoinTask): Promise<Joined> {
  threads ??= new Piscina<JoinTask, Joined>({
    filename: fileURLToPath(joinThreadUrl),
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: 10_000,
  });
  return threads.run(task);
}

/** After so many attempts a recording has failed. */
const MAX_ATTEMPTS = 3;

export interface JoinContext {
  readonly database: Database;
  readonly folder: RecordingFolder;
  /** The server's signing key. */
  readonly serverKey: Uint8Array;
  readonly nodeId: string;
  readonly logger: Pick<Logger, 'warn'>;
  /** For tests. Default: a thread. */
  readonly join?: (task: JoinTask) => Promise<Joined>;
}

interface SegmentRow {
  readonly id: string;
  readonly ordinal: number;
  readonly startedAt: number;
  readonly bytes: number;
  readonly slices: number;
  readonly chain: string | null;
  readonly complete: boolean;
}

interface Claimed {
  readonly id: string;
  readonly site_id: string;
  readonly call_id: string;
  readonly attempts: number;
  readonly wrapped_key: Buffer | null;
}

// All that was begun is complete, here and in the cloud; or what is not has been silent for ten minutes; or the call is a
// day over. A node that dies is deleted from `nodes`, and its claim with it. A node joins one recording at a time: one
// that it has claimed already is left over from an error.
const CLAIM = `
update recordings r set file_state = 'joining', joined_by = $1, attempts = r.attempts + 1
 where r.id = (
   select d.id from recordings d join calls c on c.id = d.call_id
    where d.file_state in ('open', 'joining') and (d.joined_by is null or d.joined_by = $1)
      and d.due_at <= now() and c.ended_at is not null
      and (c.ended_at < now() - interval '24 hours'
           or not exists (select from cloud_recordings t
                           where t.recording_id = d.id and t.state not in ('finished', 'failed'))
          and case when exists (select from recording_segments s where s.recording_id = d.id)
                then not exists (select from recording_segments s
                                  where s.recording_id = d.id and s.completed_at is null
                                    and s.heard_at > now() - interval '10 minutes')
                when exists (select from cloud_recordings t where t.recording_id = d.id) then true
                else c.ended_at < now() - interval '10 minutes' end)
    order by c.ended_at limit 1 for update of d skip locked)
returning r.id, r.site_id, r.call_id, r.attempts, r.wrapped_key`;

const SEGMENTS = `
select s.id, s.ordinal, ${ms('s.started_at')} as "startedAt", s.bytes::float8 as bytes, s.slices,
       encode(s.chain, 'hex') as chain, s.completed_at is not null as complete
  from recording_segments s where s.recording_id = $1
 order by s.started_at, s.ordinal`;

type CloudFile = NonNullable<RecordingManifest['cloud']>[number];
const CLOUD_FILES = `
select f.storage ->> 'kind' as storage, f.name, f.bytes, f.etag, ${ms('f.started_at')} as "startedAt",
       f.duration_ms as "durationMs"
  from cloud_files_of($1) f order by f.part`;

/**
 * Puts the next recording together whose parts are there: makes its files, signs the manifest, and announces it.
 * Resolves to whether there was one. A process that dies at any moment leaves the segments; another node, or the same
 * one, begins anew.
 */
export async function joinNextRecording(context: JoinContext): Promise<boolean> {
  const { database, nodeId } = context;
  const { rows } = await database.query<Claimed>(CLAIM, [nodeId]);
  const [claimed] = rows;
  if (!claimed) return false;
  try {
    await joinRecording(context, claimed);
  } catch (error) {
    await giveUp(context, claimed, error);
  }
  return true;
}

async function joinRecording(context: JoinContext, claimed: Claimed): Promise<void> {
  const { database, folder, serverKey, join = joinInThread } = context;
  const { id, wrapped_key: wrapped } = claimed;
  const { rows: segments } = await database.query<SegmentRow>(SEGMENTS, [id]);
  const { rows: cloud } = await database.query<CloudFile>(CLOUD_FILES, [id]);
  const isEmpty = segments.every(({ bytes }) => bytes === 0);
  if (isEmpty || wrapped === null) {
    if (cloud.length === 0) return fail(context, claimed, 'nothing-arrived');
    return finish(context, claimed, segments, cloud, { files: [], segments: [] });
  }
  const total = segments.reduce((sum, { bytes }) => sum + bytes, 0);
  // The file is written twice: as a scratch file, and then under its name.
  await folder.requireSpaceFor(2 * total);
  const joined = await join({
    folder: folder.folderOf(id),
    key: new Uint8Array(unwrapRecordingKey(serverKey, id, wrapped)),
    name: randomUUID(),
    segments: segments.map(({ id, slices }) => ({ id, slices })),
  });
  if (joined.files.length === 0 && cloud.length === 0) return fail(context, claimed, 'unreadable');
  await finish(context, claimed, segments, cloud, joined);
}

const FINISH = `
update recordings
   set file_state = 'ready', joined_by = null, manifest = $3, signature = $4, ready_at = clock_timestamp(), failure = null
 where id = $1 and joined_by = $2 and file_state = 'joining'`;
const ADD_FILE = `
insert into recording_files (recording_id, part, name, mime, bytes, sha256, duration_ms)
values ($1, $2, $3, $4, $5, decode($6, 'hex'), $7)`;
// An hour later, so that a backup that has begun before finds them.
const DELETE_SEGMENTS = `
insert into recording_deletions (recording_id, what, due_at) values ($1, 'segments', now() + interval '1 hour')
on conflict (recording_id, what) do nothing`;

async function finish(
  { database, folder, serverKey, nodeId }: JoinContext,
  { id, site_id, call_id }: Claimed,
  segments: readonly SegmentRow[],
  cloud: readonly CloudFile[],
  joined: Joined,
): Promise<void> {
  const places = new Map(joined.segments.map((place) => [place.id, place]));
  const manifest: RecordingManifest = {
    recording: id,
    call: call_id,
    site: site_id,
    files: joined.files.map(({ name: _, ...file }) => file),
    ...(cloud.length > 0 && { cloud }),
    madeAt: Date.now(),
    segments: segments.map((segment) => {
      const { part = null, startMs = 0, durationMs = 0 } = places.get(segment.id) ?? {};
      return { ...segment, part, startMs, durationMs };
    }),
  };
  const text = JSON.stringify(manifest);
  const signature = await signManifest(serverKey, 'recording+json', text);
  const done = await database.transaction(async (tx) => {
    const { rowCount } = await tx.query(FINISH, [id, nodeId, text, signature]);
    if (rowCount === 0) return false;
    for (const { part, name, mime, bytes, sha256, durationMs } of joined.files) {
      await tx.query(ADD_FILE, [id, part, name, mime, bytes, sha256, durationMs]);
    }
    await tx.query(DELETE_SEGMENTS, [id]);
    const all = [...joined.files, ...cloud];
    const seconds = all.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000;
    await logEvent(tx, call_id, 'recording-ready', { recording: id, seconds });
    return true;
  });
  if (done) return database.wake.notify(`call:${call_id}`);
  // The recording was deleted meanwhile, or another node joins it now. The other node uses other file names.
  const { rowCount } = await database.query('select from recordings where id = $1', [id]);
  if (rowCount === 0) await folder.delete(id);
}

const GIVE_BACK = `
update recordings
   set file_state = 'open', joined_by = null, attempts = attempts - $3::int, due_at = now() + interval '30 seconds'
 where id = $1 and joined_by = $2`;

async function giveUp(context: JoinContext, claimed: Claimed, error: unknown): Promise<void> {
  const { database, nodeId, logger } = context;
  const { id, attempts } = claimed;
  logger.warn({ err: error, recording: id, attempts }, 'a recording was not put together');
  // A full disk says nothing about the recording.
  const waits = isStorageFull(error);
  if (attempts >= MAX_ATTEMPTS && !waits) return fail(context, claimed, 'unreadable');
  await database.query(GIVE_BACK, [id, nodeId, Number(waits)]);
}

const isStorageFull = (error: unknown): boolean =>
  isDiskFull(error) || (error as { code?: unknown }).code === 'storage-full';

const FAIL = `
update recordings set file_state = 'failed', joined_by = null, failure = $3
 where id = $1 and joined_by = $2`;

/** What arrived stays until retention deletes it. */
async function fail(
  { database, nodeId }: JoinContext,
  { id, call_id }: Claimed,
  reason: string,
): Promise<void> {
  await database.transaction(async (tx) => {
    const { rowCount } = await tx.query(FAIL, [id, nodeId, reason]);
    if (rowCount > 0) await logEvent(tx, call_id, 'recording-failed', { recording: id, reason });
  });
}

async function logEvent(tx: Queryable, callId: string, type: string, data: object): Promise<void> {
  await tx.query(`select log_call_event($1, $2, 'system', null, $3)`, [
    callId,
    type,
    JSON.stringify(data),
  ]);
}
