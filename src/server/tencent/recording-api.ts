import type { CommonClient } from 'tencentcloud-sdk-nodejs-common';
import type { CloudRecordingSettings, CloudSettings, TrtcSettings } from '../settings/settings.ts';
import type { CloudEndpoint } from './cloud-rooms.ts';
import { recordingStorage, type RecordingStorage } from './recording-storage.ts';
import { TrtcSigner } from './trtc-signatures.ts';

const TRTC_API: CloudEndpoint = { protocol: 'https://', host: 'trtc.tencentcloudapi.com' };
const VERSION = '2019-07-22';
/** Shorter than `timeouts.outboxClaim`. */
const REQUEST_TIMEOUT_SECONDS = 10;
/** How long the recorder may enter and stay. A call that lasts longer has another fault. */
const SIGNATURE_SECONDS = 24 * 3600;

/** `RoomIdType` of this API: 0 for text, 1 for a number. The API of page recording counts the other way round. */
const NUMBER_ROOM = 1;
const MIXED = 2;
const MP4 = 3;
const GRID = 3;
const TIME_WATERMARK = 2;
const TOP_RIGHT = 1;
/** Seconds without anybody who sends, until TRTC ends a task by itself. */
const MAX_IDLE_SECONDS = 300;
const VIDEO = { Width: 1280, Height: 480, Fps: 15, BitRate: 1_000_000, Gop: 10 };

/** Errors that come again however often one asks. */
const REFUSED =
  /^(InvalidParameter|MissingParameter|UnknownParameter|UnauthorizedOperation|UnsupportedOperation|AuthFailure\.(?!SignatureExpire))|\.CRUnsupportMethod$/;
/** Errors of an API that was reached and does not know the task, or no longer. */
const OVER = /^(FailedOperation|ResourceNotFound|ResourceUnavailable|InvalidParameter)/;

const codeOf = (error: unknown): string => String((error as { code?: unknown }).code ?? '');

/** Whether TRTC refuses to record, so that asking again is in vain. */
export const isRefusal = (error: unknown): boolean => REFUSED.test(codeOf(error));

/** What TRTC is to record. */
export interface RecordedRoom {
  readonly room: number;
  /** The user id of the recorder. Nobody else in the room may have it. */
  readonly robot: string;
  /** Hours from UTC of the time in the picture. */
  readonly hoursFromUtc: number;
}

/**
 * TRTC's cloud recording (documents 647/73786, 73785, 73784): mixed, one picture of both sides, one MP4. The keys of the
 * account and of the storage stay in here.
 */
export class RecordingApi {
  readonly storage: RecordingStorage;
  readonly #signer: TrtcSigner;

  private constructor(
    private readonly client: CommonClient,
    trtc: TrtcSettings,
    private readonly keys: CloudRecordingSettings,
  ) {
    this.storage = recordingStorage(keys);
    this.#signer = new TrtcSigner(trtc);
  }

  /** Loads the library, which only a server with cloud keys needs. */
  static async open(
    trtc: TrtcSettings,
    { secretId, secretKey, region }: Omit<CloudSettings, 'recordings'>,
    keys: CloudRecordingSettings,
    { protocol, host }: CloudEndpoint = TRTC_API,
  ): Promise<RecordingApi> {
    const { CommonClient } = await import('tencentcloud-sdk-nodejs-common');
    const client = new CommonClient(host, VERSION, {
      credential: { secretId, secretKey },
      region,
      profile: { httpProfile: { protocol, reqTimeout: REQUEST_TIMEOUT_SECONDS } },
    });
    return new RecordingApi(client, trtc, keys);
  }

  /** Begins to record. Resolves to TRTC's id of the task. Rejects with the library's error. */
  async create({ room, robot, hoursFromUtc }: RecordedRoom, signal: AbortSignal): Promise<string> {
    const { userSig, privateMapKey } = this.#signer.media(
      {
        participant: robot,
        room,
        role: 'visitor',
        permissions: { speak: false, show: false, hidden: true },
      },
      SIGNATURE_SECONDS,
    );
    const { TaskId: task } = await this.#request<{ TaskId?: unknown }>(
      'CreateCloudRecording',
      {
        RoomId: String(room),
        RoomIdType: NUMBER_ROOM,
        UserId: robot,
        UserSig: userSig,
        PrivateMapKey: privateMapKey,
        RecordParams: {
          RecordMode: MIXED,
          MaxIdleTime: MAX_IDLE_SECONDS,
          StreamType: 0,
          OutputFormat: MP4,
        },
        StorageParams: this.#storageParams(robot),
        MixTranscodeParams: { VideoParams: VIDEO },
        MixLayoutParams: {
          MixLayoutMode: GRID,
          WaterMarkList: [
            {
              WaterMarkType: TIME_WATERMARK,
              WaterMarkTimestamp: { Pos: TOP_RIGHT, TimeZone: hoursFromUtc },
            },
          ],
        },
      },
      signal,
    );
    if (typeof task !== 'string' || task === '') throw new Error('TRTC answered without a task');
    return task;
  }

  /** Ends the task, or resolves because it has ended already. TRTC goes on to store its files. */
  async stop(task: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#request('DeleteCloudRecording', { TaskId: task }, signal);
    } catch (error) {
      if (!OVER.test(codeOf(error)) || (await this.isRunning(task, signal))) throw error;
    }
  }

  /** TRTC answers with an error for a task that is over. */
  async isRunning(task: string, signal: AbortSignal): Promise<boolean> {
    try {
      const { Status: status } = await this.#request<{ Status?: unknown }>(
        'DescribeCloudRecording',
        { TaskId: task },
        signal,
      );
      return status !== 'Exited';
    } catch (error) {
      if (OVER.test(codeOf(error))) return false;
      throw error;
    }
  }

  #storageParams(robot: string): object {
    const { storage, keys } = this;
    if (storage.kind === 'vod') {
      const { application } = storage;
      return {
        CloudVod: {
          TencentVod: {
            ExpireTime: 0,
            MediaType: 0,
            UserDefineRecordId: robot,
            ...(application !== null && { SubAppId: application }),
          },
        },
      };
    }
    return {
      CloudStorage: {
        Vendor: storage.kind === 'cos' ? 0 : 1,
        Region: storage.region,
        Bucket: storage.bucket,
        AccessKey: keys.accessKey,
        SecretKey: keys.secretKey,
        FileNamePrefix: storage.prefix,
      },
    };
  }

  async #request<Answer>(action: string, parameters: object, signal: AbortSignal): Promise<Answer> {
    const body = { SdkAppId: this.#signer.sdkAppId, ...parameters };
    return (await this.client.request(action, body, { signal })) as Answer;
  }
}
