import { notifyCalls, type CallChange } from '../calls/call-change.ts';
import { notifyEnded, writeEnds } from '../calls/end-calls.ts';
import type { Database } from '../database/database.ts';
import type { OutboxReceiver } from '../outbox/outbox-delivery.ts';
import type { CloudRecordingOrder } from '../outbox/outbox.ts';
import { isRefusal, type RecordingApi } from '../tencent/recording-api.ts';

interface TaskRow {
  readonly id: string;
  readonly room: number;
  readonly robot: string;
  readonly wanted: boolean;
  readonly state: string;
  readonly task: string | null;
  /** Hours from UTC at the site. */
  readonly hours: number;
}

const READ = `
select t.id, t.room, t.robot, t.wanted, t.state, t.task,
       coalesce((select round(extract(epoch from (now() at time zone s.time_zone) - (now() at time zone 'UTC')) / 3600)
                   from recordings r join sites s on s.id = r.site_id where r.id = t.recording_id), 0)::int as hours
  from cloud_recordings t where t.id = $1`;

// TRTC has said that it records: from now on only its word ends that (the sweep compares `heard_at` with the clock).
const BEGUN = `
with recording as materialized (
  select r.id from recordings r join cloud_recordings t on t.recording_id = r.id where t.id = $1 for no key update of r),
begun as (
  update cloud_recordings set task = $2, state = 'running', storage = $3, attempts = 0
   where id = $1 and task is null and state = 'new' and (select count(*) from recording) >= 0
  returning recording_id, wanted),
heard as (
  update recordings r set heard_at = 'infinity' from begun b where r.id = b.recording_id and b.wanted)
select from begun`;

const NEVER_BEGAN = `
update cloud_recordings set state = 'failed', failure = coalesce(failure, 'never-began')
 where id = $1 and state = 'new' and not wanted`;

const EXITED = `
update cloud_recordings
   set state = 'exited', exited_at = clock_timestamp(), due_at = clock_timestamp() + interval '2 minutes', attempts = 0
 where id = $1 and state = 'running'`;

/** Makes TRTC's cloud record what the rows of `cloud_recordings` say, and end it. */
export class CloudRecorder implements OutboxReceiver<'cloud-recording'> {
  readonly service = 'cloud-recording';

  constructor(
    private readonly database: Database,
    private readonly api: RecordingApi,
  ) {}

  async deliver(
    { kind, payload }: Pick<CloudRecordingOrder, 'kind' | 'payload'>,
    signal: AbortSignal,
  ): Promise<void> {
    if (kind === 'stop-stray-recording') {
      return this.api.stop((payload as { task: string }).task, signal);
    }
    const { recording: id } = payload as { recording: string };
    const row = (await this.database.query<TaskRow>(READ, [id])).rows[0];
    if (!row) return;
    if (row.wanted && row.state === 'new') await this.#begin(row, signal);
    else if (!row.wanted && row.state === 'new') await this.database.query(NEVER_BEGAN, [id]);
    else if (!row.wanted && row.state === 'running' && row.task !== null) {
      await this.api.stop(row.task, signal);
      await this.database.query(EXITED, [id]);
    }
  }

  async #begin({ id, room, robot, hours }: TaskRow, signal: AbortSignal): Promise<void> {
    let task: string;
    try {
      task = await this.api.create({ room, robot, hoursFromUtc: hours }, signal);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return giveUpCloudRecording(this.database, id, 'cloud-refused');
    }
    const storage = JSON.stringify(this.api.storage);
    const { rowCount } = await this.database.query(BEGUN, [id, task, storage]);
    if (rowCount > 0) return;
    // The answer to an earlier attempt was lost. A callback has told the id of its task meanwhile.
    const row = (await this.database.query<TaskRow>(READ, [id])).rows[0];
    if (row?.task !== task) await this.api.stop(task, signal);
  }
}

const CALL = `
select c.id as call_id, c.site_id, c.group_id, c.room, c.epoch, r.id as recording_id,
       r.rule ->> 'onFailure' = 'end' as ends,
       array(select l.agent_id::text from legs l where l.call_id = c.id and l.state = 'joined') as agent_ids
  from cloud_recordings t join recordings r on r.id = t.recording_id join calls c on c.id = r.call_id
 where t.id = $1 and c.state = 'connected' and r.state in ('recording', 'failed')
   for no key update of c`;

const FAILED = `
update recordings set state = 'failed', state_since = clock_timestamp(), stopped_at = clock_timestamp(), failure = $2
 where id = $1`;
const REFUSED = `
update cloud_recordings set state = 'failed', failure = $2, wanted = false where id = $1 and state = 'new'`;

/** The recording has failed: everybody is told, and the site's rule may end the call. */
export async function giveUpCloudRecording(
  db: Database,
  id: string,
  reason: 'cloud-refused',
): Promise<void> {
  type Row = CallChange & { epoch: number; recording_id: string; ends: boolean };
  const done = await db.transaction(async (tx) => {
    const [call] = (await tx.query<Row>(CALL, [id])).rows;
    if (call) await tx.query(FAILED, [call.recording_id, reason]);
    await tx.query(REFUSED, [id, reason]);
    if (!call) return null;
    await tx.query(`select log_call_event($1, 'recording-failed', 'system', null, $2)`, [
      call.call_id,
      JSON.stringify({ reason }),
    ]);
    const end = { callId: call.call_id, epoch: call.epoch, agentId: null } as const;
    const ended = call.ends
      ? await writeEnds(tx, [{ ...end, reason: 'recording-failed', actor: 'system' }])
      : [];
    return { call, ended };
  });
  if (!done) return;
  notifyCalls(db, [done.call]);
  notifyEnded(db, done.ended);
}
