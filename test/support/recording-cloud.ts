import type { CloudRecordingSettings } from '../../src/server/settings/settings.ts';
import { RecordingApi } from '../../src/server/tencent/recording-api.ts';
import { RecordingFiles } from '../../src/server/tencent/recording-files.ts';
import { BucketStandIn } from './bucket.ts';
import { CloudApi, type CloudRequest } from './cloud-api.ts';
import { TEST_TRTC } from './test-trtc.ts';
import { signedCallback, type SentCallback } from './trtc-callback.ts';

const ID = 'AKID-of-the-account';
const SECRET = 'the-account-s-secret-key';

export interface CloudTask {
  readonly id: string;
  readonly robot: string;
  /** As the request has it. */
  readonly room: string;
  running: boolean;
}

/**
 * TRTC's cloud recording on loopback: it checks the signatures of requests, has tasks, and stores files in a bucket. Its
 * callbacks are made one by one, so that a test sends them late, twice, or in another order.
 */
export class RecordingCloud {
  readonly tasks: CloudTask[] = [];
  /** The code with which the next requests are refused, by action. */
  readonly refusals = new Map<string, string>();
  #vod = false;

  private constructor(
    readonly api: CloudApi,
    readonly bucket: BucketStandIn,
  ) {}

  static async open(): Promise<RecordingCloud> {
    const cloud = new RecordingCloud(await CloudApi.open(ID, SECRET), await BucketStandIn.open());
    cloud.api.answer = (request) => cloud.#answer(request);
    return cloud;
  }

  async close(): Promise<void> {
    await this.api.close();
    await this.bucket.close();
  }

  reset(): void {
    this.tasks.length = this.api.requests.length = this.bucket.requests.length = 0;
    this.refusals.clear();
    this.bucket.objects.clear();
    this.bucket.answer = () => null;
    this.bucket.pageSize = 1_000;
    this.bucket.refused = 0;
    this.#vod = false;
    this.api.answer = (request) => this.#answer(request);
  }

  /** From now on files go to VOD. */
  useVod(): void {
    this.#vod = true;
  }

  get settings(): CloudRecordingSettings {
    const { name, region, accessKey, secretKey } = this.bucket;
    return this.#vod
      ? { storage: 'vod://1500000001', region: null, accessKey: null, secretKey: null }
      : { storage: `cos://${name}/calls/bank`, region, accessKey, secretKey };
  }

  /** The account's key, and where recordings go. */
  get account() {
    const { settings: recordings } = this;
    return { secretId: ID, secretKey: SECRET, region: 'ap-guangzhou', recordings };
  }

  openApi(): Promise<RecordingApi> {
    return RecordingApi.open(TEST_TRTC, this.account, this.settings, this.api.endpoint);
  }

  files(): RecordingFiles {
    const { endpoint: bucket } = this.bucket;
    return new RecordingFiles(this.account, this.settings, { bucket, vod: this.api.endpoint });
  }

  /** The names of the actions that were asked for. */
  get actions(): string[] {
    return this.api.requests.map(({ action }) => action);
  }

  /** Stores a file of the task, as TRTC does: below the prefix, in a folder of the task. */
  store(task: CloudTask, name: string, bytes: Buffer): string {
    const key = `calls/bank/${task.id}/${name}`;
    this.bucket.objects.set(key, bytes);
    return key;
  }

  callback(
    key: string,
    task: CloudTask,
    type: number,
    payload: object = { Status: 0 },
    changed: object = {},
  ): SentCallback {
    const now = Date.now();
    const { room: RoomId, robot: UserId, id: TaskId } = task;
    const times = { EventTs: Math.floor(now / 1000), EventMsTs: now };
    const info = { RoomId, ...times, UserId, TaskId, Payload: payload, ...changed };
    return signedCallback(key, TEST_TRTC.sdkAppId, { type, info, group: 3 });
  }

  #answer({ action, body }: CloudRequest) {
    const code = this.refusals.get(action);
    if (code !== undefined) return { code };
    if (action === 'CreateCloudRecording') {
      const id = `-m9-bVVU7gzd${this.tasks.length}.`;
      const { UserId: robot, RoomId: room } = body;
      this.tasks.push({ id, robot: String(robot), room: String(room), running: true });
      return { data: { TaskId: id } };
    }
    if (action === 'DeleteMedia') return null;
    const task = this.tasks.find(({ id, running }) => running && id === body['TaskId']);
    if (!task) return { code: 'FailedOperation.TaskNotExist' };
    if (action === 'DeleteCloudRecording') task.running = false;
    return { data: { TaskId: task.id, Status: 'InProgress', StorageFileList: [] } };
  }
}
