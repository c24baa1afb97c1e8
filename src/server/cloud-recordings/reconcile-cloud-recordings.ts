import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import type { RecordingApi } from '../tencent/recording-api.ts';
import type { RecordingFiles } from '../tencent/recording-files.ts';
import type { RecordingStorage } from '../tencent/recording-storage.ts';
import { lockRecording } from './lock-recording.ts';
import { resumeElsewhere } from './lost-task.ts';

export interface CloudRecordings {
  readonly api: RecordingApi;
  readonly files: RecordingFiles;
}

interface DueRow {
  readonly id: string;
  readonly recording_id: string | null;
  readonly wanted: boolean;
  readonly state: 'new' | 'running' | 'exited' | 'stored' | 'finished' | 'failed';
  readonly task: string | null;
  readonly storage: RecordingStorage | null;
  readonly attempts: number;
  /** Seconds since it ended. */
  readonly waited: number;
  readonly names: readonly string[];
}

// The row is claimed for half a minute, so that other nodes pass it by. The pause after a step in vain doubles, up to an hour.
const CLAIM = `
update cloud_recordings t
   set attempts = t.attempts + 1,
       due_at = clock_timestamp() + make_interval(secs => least(3600, 30 * power(2, least(t.attempts, 12))))
 where t.id = (select d.id from cloud_recordings d
                where d.due_at <= clock_timestamp() and (d.recording_id is null or d.state not in ('finished', 'failed'))
                order by d.due_at limit 1 for update skip locked)
returning t.id, t.recording_id, t.wanted, t.state, t.task, t.storage, t.attempts,
          coalesce(extract(epoch from clock_timestamp() - t.exited_at), 0)::float8 as waited,
          array(select f.name from cloud_recording_files f where f.cloud_recording_id = t.id) as names`;

/** How long a step may take: less than a claim lasts. */
const STEP_MS = 25_000;
const CHECK_SECONDS = 60;
/** After the end of a task: when the storage itself is asked for files, and when there are none. */
const LIST_AFTER_SECONDS = 110;
const GIVEN_UP_SECONDS = 24 * 3600;

/**
 * Looks at the next row of `cloud_recordings` whose time has come: whether TRTC does what the row says, whether the files
 * are there, whether they are to be deleted. Callbacks and orders may be lost; this finds out without them. Resolves to
 * whether there was a row. A step that fails comes again.
 */
export async function reconcileNext(
  db: Database,
  cloud: CloudRecordings,
  logger: Pick<Logger, 'warn'>,
): Promise<boolean> {
  const [row] = (await db.query<DueRow>(CLAIM, [])).rows;
  if (!row) return false;
  try {
    await reconcile(db, cloud, row, AbortSignal.timeout(STEP_MS));
  } catch (error) {
    // The row stays, and is tried again. One warning is enough.
    if (row.attempts === 1) {
      logger.warn({ err: error, cloudRecording: row.id }, 'a cloud recording was not looked at');
    }
  }
  return true;
}

async function reconcile(
  db: Database,
  cloud: CloudRecordings,
  row: DueRow,
  signal: AbortSignal,
): Promise<void> {
  switch (row.state) {
    case 'new':
      // Orders are forgotten after a while.
      await orderAnew(db, row);
      return;
    case 'running':
      return checkRunning(db, cloud, row, signal);
    case 'exited':
      return findFiles(db, cloud, row, signal);
    case 'stored':
      if (row.recording_id === null) return deleteFiles(db, cloud, row, signal);
      return confirmFiles(db, cloud, row, signal);
    case 'finished':
    case 'failed':
      return deleteFiles(db, cloud, row, signal);
  }
}

const ORDER = `
select order_cloud_recording($1)
 where not exists (select from outbox where in_order = 'cloud-recording:' || $1)`;

async function orderAnew(db: Database, { id }: DueRow): Promise<void> {
  await db.query(ORDER, [id]);
}

const STILL_RUNNING = `
update cloud_recordings
   set attempts = 0, due_at = clock_timestamp() + make_interval(secs => ${CHECK_SECONDS}) where id = $1`;
const ENDED = `
update cloud_recordings
   set state = 'exited', exited_at = clock_timestamp(), attempts = 0,
       due_at = clock_timestamp() + make_interval(secs => ${CHECK_SECONDS})
 where id = $1 and state = 'running' returning wanted`;

async function checkRunning(
  db: Database,
  { api }: CloudRecordings,
  { id, task, wanted }: DueRow,
  signal: AbortSignal,
): Promise<void> {
  if (task === null) return;
  if (!wanted) await api.stop(task, signal);
  else if (await api.isRunning(task, signal)) {
    await db.query(STILL_RUNNING, [id]);
    return;
  }
  await db.transaction(async (tx) => {
    await lockRecording(tx, id);
    const { rows } = await tx.query<{ wanted: boolean }>(ENDED, [id]);
    if (rows[0]?.wanted) await resumeElsewhere(tx, id);
  });
}

const ADD_FOUND = `
insert into cloud_recording_files (cloud_recording_id, name, bytes, started_at, duration_ms)
select t.id, $2, $3, t.created_at, greatest(0, extract(epoch from t.exited_at - t.created_at) * 1000)::int
  from cloud_recordings t where t.id = $1 on conflict (cloud_recording_id, name) do nothing`;
const STATE = `
update cloud_recordings set state = $2, failure = coalesce($3, failure), attempts = 0, due_at = clock_timestamp()
 where id = $1`;

/** The callback that names the files may be lost: the bucket is asked. VOD cannot be: there the callback is needed. */
async function findFiles(
  db: Database,
  { files }: CloudRecordings,
  { id, task, storage, waited, names }: DueRow,
  signal: AbortSignal,
): Promise<void> {
  if (waited < LIST_AFTER_SECONDS) return;
  if (task !== null && storage !== null && storage.kind !== 'vod') {
    const found = (await files.list(storage, task, signal)).filter(({ name }) =>
      name.endsWith('.mp4'),
    );
    for (const { name, bytes } of found) await db.query(ADD_FOUND, [id, name, bytes]);
    if (found.length > 0) {
      await db.query(STATE, [id, 'stored', null]);
      return;
    }
  }
  if (waited > GIVEN_UP_SECONDS) {
    await db.query(STATE, [id, names.length > 0 ? 'stored' : 'failed', 'no-file']);
  }
}

const CONFIRM = `
update cloud_recording_files set bytes = $3, etag = $4 where cloud_recording_id = $1 and name = $2`;

/** What TRTC says is stored is looked at once, and its size noted. */
async function confirmFiles(
  db: Database,
  { files }: CloudRecordings,
  { id, storage, names, waited }: DueRow,
  signal: AbortSignal,
): Promise<void> {
  if (names.length === 0) {
    await db.query(STATE, [id, 'failed', 'no-file']);
    return;
  }
  if (storage !== null && storage.kind !== 'vod') {
    const missing: string[] = [];
    for (const name of names) {
      const object = await files.head(storage, name, signal);
      if (object) await db.query(CONFIRM, [id, name, object.bytes, object.etag]);
      else missing.push(name);
    }
    if (missing.length > 0 && waited < GIVEN_UP_SECONDS) return;
    if (missing.length > 0) {
      await db.query(
        'delete from cloud_recording_files where cloud_recording_id = $1 and name = any ($2)',
        [id, missing],
      );
      if (missing.length === names.length) {
        await db.query(STATE, [id, 'failed', 'no-file']);
        return;
      }
    }
  }
  await db.query(STATE, [id, 'finished', null]);
}

/**
 * Deletes the files of a recording that is deleted, and then the row: an erasure waits for it. A bucket is asked also for
 * files that no callback has named, and once more whether they are gone.
 */
async function deleteFiles(
  db: Database,
  { files }: CloudRecordings,
  { id, task, storage, names }: DueRow,
  signal: AbortSignal,
): Promise<void> {
  if (storage !== null) {
    const inBucket = storage.kind !== 'vod' && task !== null;
    const listed = inBucket ? await files.list(storage, task, signal) : [];
    const all = new Set([...names, ...listed.map(({ name }) => name)]);
    for (const name of all) await files.delete(storage, name, signal);
    if (inBucket && (await files.list(storage, task, signal)).length > 0) {
      throw new Error('the storage still has files of a deleted recording');
    }
  }
  await db.query('delete from cloud_recordings where id = $1 and recording_id is null', [id]);
}
