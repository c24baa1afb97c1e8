import type { CommonClient } from 'tencentcloud-sdk-nodejs-common';
import { objectAddress, parseObjectAddress } from '../object-storage/object-address.ts';
import { ObjectStore } from '../object-storage/object-store.ts';
import type { CloudRecordingSettings, CloudSettings } from '../settings/settings.ts';
import type { CloudEndpoint } from './cloud-rooms.ts';
import type { BucketStorage, RecordingStorage } from './recording-storage.ts';

const VOD_API: CloudEndpoint = { protocol: 'https://', host: 'vod.tencentcloudapi.com' };
const VOD_VERSION = '2018-07-17';
const REQUEST_TIMEOUT_SECONDS = 10;
/** Bytes of one request: a player that leaves early does not want the rest. */
const READ_BYTES = 1024 * 1024;
/** VOD's codes for a file that is gone already. */
const GONE = /^(ResourceNotFound|InvalidParameterValue\.FileId)/;

export interface StoredRecording {
  /** The key in the bucket. */
  readonly name: string;
  readonly bytes: number;
}

/** The files that TRTC's cloud has stored: in a bucket, or at VOD. The keys stay in here. */
export class RecordingFiles {
  #vod: Promise<CommonClient> | null = null;

  /** `endpoints`: other servers than those of the clouds, as in tests; buckets are the first part of the path there. */
  constructor(
    private readonly cloud: Omit<CloudSettings, 'recordings'>,
    private readonly keys: CloudRecordingSettings,
    private readonly endpoints: {
      readonly bucket?: CloudEndpoint;
      readonly vod?: CloudEndpoint;
    } = {},
  ) {}

  /** The files of one task. Rejects with an ObjectStoreError. */
  async list(
    storage: BucketStorage,
    task: string,
    signal: AbortSignal,
  ): Promise<StoredRecording[]> {
    const folder = addressOf(storage, objectKey(storage, task, ''));
    const found: StoredRecording[] = [];
    for await (const { address, bytes } of this.#bucket(storage).listObjects(folder, signal)) {
      found.push({ name: parseObjectAddress(address).key, bytes });
    }
    return found;
  }

  /** Null: it is not there. Rejects with an ObjectStoreError. */
  head(
    storage: BucketStorage,
    name: string,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: number; readonly etag: string | null } | null> {
    return this.#bucket(storage).head(addressOf(storage, name), signal);
  }

  /** The bytes from `start` up to `end`, which is not among them. Throws an ObjectStoreError in the middle. */
  async *read(
    storage: BucketStorage,
    name: string,
    start: number,
    end: number,
  ): AsyncGenerator<Uint8Array> {
    const bucket = this.#bucket(storage);
    for (let from = start; from < end; from += READ_BYTES) {
      yield await bucket.read(addressOf(storage, name), from, Math.min(from + READ_BYTES, end));
    }
  }

  /** Resolves also if it is gone already. */
  async delete(storage: RecordingStorage, name: string, signal: AbortSignal): Promise<void> {
    if (storage.kind === 'vod') return this.#deleteMedia(storage.application, name, signal);
    await this.#bucket(storage).delete(addressOf(storage, name), signal);
  }

  async #deleteMedia(application: number | null, name: string, signal: AbortSignal): Promise<void> {
    const client = await (this.#vod ??= this.#openVod());
    try {
      await client.request(
        'DeleteMedia',
        { FileId: name, ...(application !== null && { SubAppId: application }) },
        { signal },
      );
    } catch (error) {
      if (!GONE.test(String((error as { code?: unknown }).code))) throw error;
    }
  }

  async #openVod(): Promise<CommonClient> {
    const { CommonClient } = await import('tencentcloud-sdk-nodejs-common');
    const { secretId, secretKey, region } = this.cloud;
    const { protocol, host } = this.endpoints.vod ?? VOD_API;
    return new CommonClient(host, VOD_VERSION, {
      credential: { secretId, secretKey },
      region,
      profile: { httpProfile: { protocol, reqTimeout: REQUEST_TIMEOUT_SECONDS } },
    });
  }

  #bucket({ kind, region }: BucketStorage): ObjectStore {
    const { accessKey, secretKey } = this.keys;
    const { bucket: own } = this.endpoints;
    // COS answers to the requests and signatures of S3, too (document 436/37421).
    const ofCloud = kind === 'cos' ? `https://{bucket}.cos.${region}.myqcloud.com` : null;
    return new ObjectStore(
      {
        ...{ accessKeyId: accessKey ?? '', secretAccessKey: secretKey ?? '', sessionToken: null },
        region,
        endpoint: own ? `${own.protocol}${own.host}` : ofCloud,
      },
      REQUEST_TIMEOUT_SECONDS * 1000,
    );
  }
}

const addressOf = ({ bucket }: BucketStorage, name: string): string =>
  objectAddress(`s3://${bucket}`, name);

/** Where TRTC puts a file (document 647/76497): the prefix, a folder for the task, the name. */
export function objectKey({ prefix }: BucketStorage, task: string, fileName: string): string {
  return [...prefix, task, fileName].join('/');
}
