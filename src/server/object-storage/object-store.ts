import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import { amazonEndpoint, objectAddress, objectUrl, parseObjectAddress } from './object-address.ts';
import { childrenOf, errorCodeOf, readAnswer, textOf } from './object-store-answer.ts';
import { ObjectStoreError } from './object-store-error.ts';

export interface ObjectStoreSettings {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary keys. */
  readonly sessionToken: string | null;
  readonly region: string;
  /** An origin; `{bucket}` in it is the bucket's place. Null: Amazon's. */
  readonly endpoint: string | null;
}

export interface UploadedPart {
  /** 1, 2, 3 … */
  readonly number: number;
  readonly bytes: number;
  readonly etag: string;
}

export interface BegunUpload {
  readonly address: string;
  readonly uploadId: string;
  /** In ms since 1970, by the store's clock. */
  readonly begunAt: number;
}

export interface StoredObject {
  readonly address: string;
  readonly bytes: number;
}

/** No request takes longer. */
export const OBJECT_REQUEST_MS = 120_000;
const EMPTY = Buffer.alloc(0);

interface StoreRequest {
  readonly method: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal | undefined;
  /** Codes of errors that are an answer. */
  readonly expected?: readonly string[];
}

interface StoreAnswer {
  readonly response: Response;
  /** One of the codes that were expected. */
  readonly code: string | null;
}

/** Requests to an object store. Each rejects with an ObjectStoreError, also if its signal ends it. */
export class ObjectStore {
  readonly #client: AwsClient;
  readonly #endpoint: string;

  constructor(
    { accessKeyId, secretAccessKey, sessionToken, region, endpoint }: ObjectStoreSettings,
    private readonly timeoutMs = OBJECT_REQUEST_MS,
  ) {
    this.#client = new AwsClient({
      ...{ accessKeyId, secretAccessKey, region, service: 's3' },
      ...(sessionToken !== null && { sessionToken }),
    });
    this.#endpoint = endpoint ?? amazonEndpoint(region);
  }

  /** Begins an upload in parts. Resolves to its id. */
  async begin(address: string, signal?: AbortSignal): Promise<string> {
    const { response } = await this.#send(address, {
      ...{ method: 'POST', query: { uploads: '' }, signal },
      headers: { 'content-type': 'application/octet-stream' },
    });
    const id = textOf(readAnswer(await this.#text(response)), 'UploadId');
    if (id) return id;
    throw new ObjectStoreError('unreachable', 'The object store gave the upload no id.');
  }

  /** The same number again replaces the part. */
  async uploadPart(
    address: string,
    uploadId: string,
    number: number,
    body: Uint8Array,
    signal?: AbortSignal,
  ): Promise<void> {
    const query = { partNumber: String(number), uploadId };
    const { response } = await this.#send(address, { method: 'PUT', query, body, signal });
    await this.#text(response);
  }

  /** The parts that are there, by their number. Null: there is no such upload; it was completed or aborted. */
  async listParts(
    address: string,
    uploadId: string,
    signal?: AbortSignal,
  ): Promise<UploadedPart[] | null> {
    const parts: UploadedPart[] = [];
    for (let marker: string | null = '0'; marker !== null;) {
      const { response, code }: StoreAnswer = await this.#send(address, {
        ...{ method: 'GET', query: { uploadId, 'part-number-marker': marker }, signal },
        expected: ['NoSuchUpload'],
      });
      if (code !== null) return null;
      const answer = readAnswer(await this.#text(response));
      for (const part of childrenOf(answer, 'Part')) {
        parts.push({
          number: Number(textOf(part, 'PartNumber')),
          bytes: Number(textOf(part, 'Size')),
          etag: textOf(part, 'ETag'),
        });
      }
      marker =
        textOf(answer, 'IsTruncated') === 'true'
          ? textOf(answer, 'NextPartNumberMarker') || null
          : null;
    }
    return parts;
  }

  /** Makes one object of these parts. Resolves to whether there was such an upload. */
  async complete(
    address: string,
    uploadId: string,
    parts: readonly UploadedPart[],
    signal?: AbortSignal,
  ): Promise<boolean> {
    const list = parts.map(
      ({ number, etag }) =>
        `<Part><PartNumber>${number}</PartNumber><ETag>${escapeXml(etag)}</ETag></Part>`,
    );
    const { response, code } = await this.#send(address, {
      ...{ method: 'POST', query: { uploadId }, signal },
      headers: { 'content-type': 'application/xml' },
      body: Buffer.from(`<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`),
      expected: ['NoSuchUpload'],
    });
    if (code !== null) return false;
    // The store may find an error after it has begun to answer with 200.
    const text = await this.#text(response);
    if (readAnswer(text).name === 'Error') throw refusal(500, errorCodeOf(text));
    return true;
  }

  /** Forgets an upload with its parts. Resolves also if there is no such upload. */
  async abort(address: string, uploadId: string, signal?: AbortSignal): Promise<void> {
    const { response, code } = await this.#send(address, {
      ...{ method: 'DELETE', query: { uploadId }, signal },
      expected: ['NoSuchUpload'],
    });
    if (code === null) await this.#text(response);
  }

  /** Null: there is no such object. */
  async head(
    address: string,
    signal?: AbortSignal,
  ): Promise<{ readonly bytes: number; readonly etag: string | null } | null> {
    const {
      response: { headers },
      code,
    } = await this.#send(address, { ...{ method: 'HEAD', signal }, expected: ['NoSuchKey', ''] });
    if (code !== null) return null;
    const etag = headers.get('etag')?.replaceAll('"', '') ?? null;
    return { bytes: Number(headers.get('content-length')), etag };
  }

  /** Bytes of an object; null: there is none. */
  async size(address: string, signal?: AbortSignal): Promise<number | null> {
    return (await this.head(address, signal))?.bytes ?? null;
  }

  /** The bytes from `start` up to `end`: exactly so many. */
  async read(address: string, start: number, end: number, signal?: AbortSignal): Promise<Buffer> {
    const { response } = await this.#send(address, {
      ...{ method: 'GET', signal },
      headers: { range: `bytes=${start}-${end - 1}` },
    });
    const announced = Number(response.headers.get('content-length'));
    if (response.status !== 206 || announced !== end - start) {
      await response.body?.cancel();
      throw new ObjectStoreError('missing', 'The object store has other bytes than were stored.');
    }
    return Buffer.from(await this.#received(response.arrayBuffer()));
  }

  /** Resolves when the store confirms that there is no such object. */
  async delete(address: string, signal?: AbortSignal): Promise<void> {
    const { response, code } = await this.#send(address, {
      ...{ method: 'DELETE', signal },
      expected: ['NoSuchKey'],
    });
    if (code === null) await this.#text(response);
  }

  /** The objects under `s3://bucket/prefix`. */
  async *listObjects(folder: string, signal?: AbortSignal): AsyncGenerator<StoredObject> {
    const { bucket, key: prefix } = parseObjectAddress(objectAddress(folder, ''));
    for (let next: Readonly<Record<string, string>> | null = {}; next !== null;) {
      const { response }: StoreAnswer = await this.#send(`s3://${bucket}/`, {
        ...{ method: 'GET', query: { 'list-type': '2', prefix, ...next }, signal },
      });
      const answer = readAnswer(await this.#text(response));
      for (const object of childrenOf(answer, 'Contents')) {
        yield {
          address: `s3://${bucket}/${textOf(object, 'Key')}`,
          bytes: Number(textOf(object, 'Size')),
        };
      }
      const token = textOf(answer, 'NextContinuationToken');
      next = textOf(answer, 'IsTruncated') === 'true' ? { 'continuation-token': token } : null;
    }
  }

  /** The uploads under `s3://bucket/prefix` that were begun and neither completed nor aborted. */
  async *listUploads(folder: string, signal?: AbortSignal): AsyncGenerator<BegunUpload> {
    const { bucket, key: prefix } = parseObjectAddress(objectAddress(folder, ''));
    for (let next: Readonly<Record<string, string>> | null = {}; next !== null;) {
      const { response }: StoreAnswer = await this.#send(`s3://${bucket}/`, {
        ...{ method: 'GET', query: { uploads: '', prefix, ...next }, signal },
      });
      const answer = readAnswer(await this.#text(response));
      for (const upload of childrenOf(answer, 'Upload')) {
        yield {
          address: `s3://${bucket}/${textOf(upload, 'Key')}`,
          uploadId: textOf(upload, 'UploadId'),
          begunAt: Date.parse(textOf(upload, 'Initiated')),
        };
      }
      next =
        textOf(answer, 'IsTruncated') === 'true'
          ? {
              'key-marker': textOf(answer, 'NextKeyMarker'),
              'upload-id-marker': textOf(answer, 'NextUploadIdMarker'),
            }
          : null;
    }
  }

  async #send(address: string, request: StoreRequest): Promise<StoreAnswer> {
    const { method, query = {}, headers = {}, body = EMPTY, signal, expected = [] } = request;
    const url = objectUrl(this.#endpoint, parseObjectAddress(address));
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const signed = await this.#client.sign(url, {
      method,
      headers: {
        ...headers,
        'x-amz-content-sha256': createHash('sha256').update(body).digest('hex'),
      },
    });
    const limit = AbortSignal.timeout(this.timeoutMs);
    const response = await this.#received(
      fetch(signed.url, {
        ...{ method, headers: signed.headers, redirect: 'manual' },
        ...(body.length > 0 && { body: new Uint8Array(body) }),
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      }),
    );
    if (response.ok) return { response, code: null };
    const code = errorCodeOf(await this.#text(response));
    if (response.status === 404 && expected.includes(code)) return { response, code };
    throw refusal(response.status, code);
  }

  #text(response: Response): Promise<string> {
    return this.#received(response.text());
  }

  async #received<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const why = (error as Error).name === 'TimeoutError' ? 'in time' : 'the request';
      throw new ObjectStoreError('unreachable', `The object store did not answer ${why}.`, {
        cause: error,
      });
    }
  }
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function refusal(status: number, code: string): ObjectStoreError {
  const message = `The object store answers ${status}${code && ` ${code}`}.`;
  if (code === 'NoSuchKey' || status === 416) return new ObjectStoreError('missing', message);
  // Its own errors, and what it has no time for.
  const isBusy = status >= 500 || status === 408 || status === 429;
  return new ObjectStoreError(isBusy ? 'unreachable' : 'refused', message);
}
