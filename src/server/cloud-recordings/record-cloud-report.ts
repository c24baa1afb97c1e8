import type { Database, Queryable } from '../database/database.ts';
import type { RecordingReport } from '../tencent/read-recording-event.ts';
import { objectKey } from '../tencent/recording-files.ts';
import type { RecordingStorage } from '../tencent/recording-storage.ts';
import { lockRecording } from './lock-recording.ts';
import { resumeElsewhere } from './lost-task.ts';

interface TaskRow {
  readonly id: string;
  readonly task: string | null;
  readonly state: string;
  readonly wanted: boolean;
  readonly storage: RecordingStorage | null;
  readonly told_ms: number | null;
}

const FIND = 'select id from cloud_recordings where robot = $1 and room = $2';
const LOCK = `
select id, task, state, wanted, storage, told_ms::float8 as told_ms from cloud_recordings
 where id = $1 for update`;

// The answer to the request that began it was lost.
const ADOPT = `
with adopted as (
  update cloud_recordings set task = $2, state = 'running', storage = $3 where id = $1
  returning recording_id, wanted),
heard as (
  update recordings r set heard_at = 'infinity' from adopted a where r.id = a.recording_id and a.wanted)
select order_cloud_recording($1)`;

const STOP_STRAY = `
insert into outbox (service, kind, payload)
select 'cloud-recording', 'stop-stray-recording', jsonb_build_object('task', $1::text)
 where not exists (select from outbox where service = 'cloud-recording' and kind = 'stop-stray-recording'
                      and payload ->> 'task' = $1)`;

const ADD_FILE = `
insert into cloud_recording_files (cloud_recording_id, name, url, started_at, duration_ms)
values ($1, $2, $3, to_timestamp($4::float8 / 1000), $5) on conflict (cloud_recording_id, name) do nothing`;

const MOVE = `
update cloud_recordings
   set state = $2, exited_at = coalesce(exited_at, clock_timestamp()), exited_ms = greatest(exited_ms, $3),
       told_ms = greatest(told_ms, $4), failure = coalesce($5, failure), due_at = clock_timestamp(), attempts = 0
 where id = $1`;
const TELL = `
update cloud_recordings set told_ms = greatest(told_ms, $2), exited_ms = greatest(exited_ms, $3) where id = $1`;

/**
 * Records what TRTC says about a recording task. Callbacks may come late, twice, and in any order. `stored` is the truth
 * about the files; that a task has exited counts also if it was not asked to. Resolves to whether the task is known: the
 * account may serve other applications, too.
 *
 * `storage`: where this server has TRTC store files; null: it records nothing by TRTC.
 */
export async function recordCloudReport(
  db: Database,
  report: RecordingReport,
  storage: RecordingStorage | null,
): Promise<boolean> {
  const { robot, room, task, reported } = report;
  return db.transaction(async (tx) => {
    const [known] = (await tx.query<{ id: string }>(FIND, [robot, room])).rows;
    if (!known) return false;
    await lockRecording(tx, known.id);
    const [row] = (await tx.query<TaskRow>(LOCK, [known.id])).rows;
    if (!row) return false;
    const place = row.storage ?? storage;
    if (place === null) return true;
    const isAdopted = row.task === null && (row.state === 'new' || row.state === 'failed');
    if (isAdopted) await tx.query(ADOPT, [row.id, task, JSON.stringify(place)]);
    const state = isAdopted ? 'running' : row.state;
    const isOwn = isAdopted || row.task === task;
    if (!isOwn && reported === 'there') await tx.query(STOP_STRAY, [task]);
    for (const { name, url, startedAt, durationMs } of report.files) {
      const key = place.kind === 'vod' ? name : keyOf(place, task, name);
      await tx.query(ADD_FILE, [row.id, key, url, startedAt, durationMs]);
    }
    if (isOwn) await moveOn(tx, { ...row, state }, report);
    return true;
  });
}

/** TRTC may name a file with or without its folder. */
function keyOf(
  place: Exclude<RecordingStorage, { kind: 'vod' }>,
  task: string,
  name: string,
): string {
  return objectKey(place, task, name.slice(name.lastIndexOf('/') + 1));
}

async function moveOn(tx: Queryable, row: TaskRow, report: RecordingReport): Promise<void> {
  const { id, state, wanted, told_ms: told } = row;
  const { reported, at, files, failed } = report;
  if (state === 'finished' && files.length === 0) return;
  if (reported === 'exited') {
    const hasAll = told !== null && told >= at;
    if (state === 'running' || state === 'exited') {
      await tx.query(MOVE, [id, hasAll ? 'stored' : 'exited', at, null, null]);
    }
    // Nobody had asked it to end.
    if (state === 'running' && wanted) await resumeElsewhere(tx, id);
    return;
  }
  if (reported !== 'stored') return;
  const failure = failed ? 'cloud-upload' : null;
  // A long recording is cut in several files: those that come while it goes on are not all.
  if (state === 'running' && wanted) {
    await tx.query(TELL, [id, at, null]);
    return;
  }
  await tx.query(MOVE, [id, 'stored', null, at, failure]);
}
