import { AwsClient } from 'aws4fetch';
import type { CommonClient } from 'tencentcloud-sdk-nodejs-common';
import type { CloudRecordingSettings, CloudSettings } from '../settings/settings.ts';
import type { CloudEndpoint } from './cloud-rooms.ts';
import type { BucketStorage, RecordingStorage } from './recording-storage.ts';

const VOD_API: CloudEndpoint = { protocol: 'https://', host: 'vod.tencentcloudapi.com' };
const VOD_VERSION = '2018-07-17';
const REQUEST_TIMEOUT_SECONDS = 10;
const REQUEST_TIMEOUT_MS = REQUEST_TIMEOUT_SECONDS * 1000;
/** VOD's codes for a file that is gone already. */
const GONE = /^(ResourceNotFound|InvalidParameterValue\.FileId)/;

export interface StoredObject {
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

  /** The files of one task. Rejects if the storage does not answer. */
  async list(storage: BucketStorage, task: string, signal: AbortSignal): Promise<StoredObject[]> {
    const query = new URLSearchParams({ 'list-type': '2', prefix: objectKey(storage, task, '') });
    const answer = await this.#ask(storage, `?${query}`, { signal });
    if (!answer.ok) throw refused(answer);
    const xml = await answer.text();
    return [...xml.matchAll(/<Contents>([^]*?)<\/Contents>/g)].map(([, entry = '']) => ({
      name: decodeXml(/<Key>([^<]*)<\/Key>/.exec(entry)?.[1] ?? ''),
      bytes: Number(/<Size>(\d+)<\/Size>/.exec(entry)?.[1] ?? 0),
    }));
  }

  /** Null: it is not there. */
  async head(
    storage: BucketStorage,
    name: string,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: number; readonly etag: string | null } | null> {
    const answer = await this.#ask(storage, encodeKey(name), { method: 'HEAD', signal });
    if (answer.status === 404) return null;
    if (!answer.ok) throw refused(answer);
    const etag = answer.headers.get('etag')?.replaceAll('"', '') ?? null;
    return { bytes: Number(answer.headers.get('content-length') ?? 0), etag };
  }

  /** The bytes from `start` up to `end`, which is not among them. Throws in the middle if the storage breaks off. */
  async *read(
    storage: BucketStorage,
    name: string,
    start: number,
    end: number,
  ): AsyncGenerator<Uint8Array> {
    if (start >= end) return;
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), REQUEST_TIMEOUT_MS);
    try {
      const { signal } = stop;
      const headers = { range: `bytes=${start}-${end - 1}` };
      const answer = await this.#send(storage, encodeKey(name), { headers, signal });
      clearTimeout(late);
      if (answer.status !== 206) throw refused(answer);
      if (answer.body) yield* answer.body;
    } finally {
      clearTimeout(late);
      // A player that left early does not want the rest.
      stop.abort();
    }
  }

  /** Resolves also if it is gone already. */
  async delete(storage: RecordingStorage, name: string, signal: AbortSignal): Promise<void> {
    if (storage.kind === 'vod') return this.#deleteMedia(storage.application, name, signal);
    const answer = await this.#ask(storage, encodeKey(name), { method: 'DELETE', signal });
    if (!answer.ok && answer.status !== 404) throw refused(answer);
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

  #ask(storage: BucketStorage, path: string, init: RequestInit): Promise<Response> {
    const limit = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
    return this.#send(storage, path, { ...init, signal });
  }

  /** COS answers to the requests and signatures of S3, too (document 436/37421). */
  #send(storage: BucketStorage, path: string, init: RequestInit): Promise<Response> {
    const { accessKey, secretKey } = this.keys;
    const aws = new AwsClient({
      accessKeyId: accessKey ?? '',
      secretAccessKey: secretKey ?? '',
      service: 's3',
      region: storage.region,
      // Who asks tries again.
      retries: 0,
    });
    // A redirect would hand the signature to another host.
    return aws.fetch(`${this.#bucketAddress(storage)}/${path}`, { ...init, redirect: 'error' });
  }

  #bucketAddress({ kind, bucket, region }: BucketStorage): string {
    const { bucket: own } = this.endpoints;
    if (own) return `${own.protocol}${own.host}/${bucket}`;
    if (kind === 'cos') return `https://${bucket}.cos.${region}.myqcloud.com`;
    const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
    return `https://${bucket}.s3.${region}.${domain}`;
  }
}

/** Where TRTC puts a file (document 647/76497): the prefix, a folder for the task, the name. */
export function objectKey({ prefix }: BucketStorage, task: string, fileName: string): string {
  return [...prefix, task, fileName].join('/');
}

const encodeKey = (key: string): string => key.split('/').map(encodeURIComponent).join('/');

const decodeXml = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');

function refused({ status }: Response): Error {
  return new Error(`the storage of cloud recordings answered with status ${status}`);
}
