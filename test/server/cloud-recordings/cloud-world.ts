import type { RecordingSettings } from '../../../src/protocol/recording.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import {
  reconcileNext,
  type CloudRecordings,
} from '../../../src/server/cloud-recordings/reconcile-cloud-recordings.ts';
import { CloudRecorder } from '../../../src/server/cloud-recordings/sync-cloud-recording.ts';
import type { Database } from '../../../src/server/database/database.ts';
import { OutboxDelivery } from '../../../src/server/outbox/outbox-delivery.ts';
import {
  changeRecording,
  type RecordingChange,
} from '../../../src/server/recordings/change-recording.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { recordOn } from '../../support/recorded-site.ts';
import type { RecordingCloud } from '../../support/recording-cloud.ts';
import { CallWorld, type TestAgent } from '../calls/call-world.ts';
import { outboxRows } from '../outbox/outbox-rows.ts';

export interface TaskState {
  readonly id: string;
  readonly state: string;
  readonly wanted: boolean;
  readonly task: string | null;
  readonly failure: string | null;
}

/** A call of TRTC's at a site whose calls TRTC's cloud records, and a server that works when the test says so. */
export class CloudWorld {
  readonly warnings: object[] = [];

  private constructor(
    readonly db: Database,
    readonly cloud: RecordingCloud,
    readonly world: CallWorld,
    readonly agent: TestAgent,
    private readonly parts: CloudRecordings,
    readonly callId: string,
    readonly room: number,
  ) {}

  static async make(
    db: Database,
    nodeId: string,
    cloud: RecordingCloud,
    rule: Partial<RecordingSettings> = {},
    media = { trtc: true, confirmedByCallback: false },
  ): Promise<CloudWorld> {
    const world = await CallWorld.make(db, nodeId);
    await recordOn(db, 'shop', { mode: 'always', by: 'cloud', ...rule });
    const agent = await world.agent('Alice');
    const visitor = await world.visitor();
    const { room } = await world.ready(visitor, agent, media);
    const participant = await world.visitorParticipant(room);
    await enterRoom(db, { room, participant, connectionId: visitor.connection });
    const parts = { api: await cloud.openApi(), files: cloud.files() };
    return new CloudWorld(db, cloud, world, agent, parts, visitor.callId, room);
  }

  readonly #logger = {
    info: () => undefined,
    warn: (what: object) => void this.warnings.push(what),
  };

  /** Delivers the orders, also those that wait for another try. */
  async deliver(): Promise<void> {
    await outboxRows(() => this.db, 'cloud-recording').becomeDue();
    const recorder = new CloudRecorder(this.db, this.parts.api);
    await new OutboxDelivery(this.db, recorder, this.#logger).work();
  }

  /** Looks at every row, as if its time had come and it had ended so many seconds ago. */
  async reconcile(ago = 0): Promise<void> {
    await this.db.query(
      `update cloud_recordings set due_at = now() - interval '1 second', exited_at = exited_at - make_interval(secs => $1)`,
      [ago],
    );
    while (await reconcileNext(this.db, this.parts, this.#logger));
  }

  change(change: RecordingChange): Promise<void> {
    return changeRecording(this.db, { callId: this.callId, agentId: this.agent.id, change });
  }

  end(): Promise<unknown> {
    return endCall(this.db, { callId: this.callId, by: { role: 'visitor' } });
  }

  /** The rows of the tasks, the first one first. */
  async tasks(): Promise<TaskState[]> {
    const { rows } = await this.db.query<TaskState>(
      'select id, state, wanted, task, failure from cloud_recordings order by created_at, id',
    );
    return rows;
  }

  async recording() {
    const { rows } = await this.db.query<{
      id: string;
      state: string;
      recorder: string;
      failure: string | null;
      file_state: string;
      manifest: { cloud?: { name: string; bytes: number; durationMs: number }[] } | null;
    }>(
      'select id, state, recorder, failure, file_state, manifest from recordings where call_id = $1',
      [this.callId],
    );
    return rows[0];
  }

  async files() {
    const { rows } = await this.db.query<{ name: string; bytes: number | null; seconds: number }>(
      `select name, bytes::float8 as bytes, duration_ms / 1000.0::float8 as seconds
         from cloud_recording_files order by started_at, name`,
    );
    return rows;
  }

  async recordingEvents(): Promise<string[]> {
    const events = await this.world.events(this.callId);
    return events.filter((event) => event.startsWith('recording-'));
  }
}
