import { createHash, createHmac, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ObjectStore } from '../../src/server/object-storage/object-store.ts';

const ACCESS_KEY = 'AKIASTANDIN';
const SECRET_KEY = 'the secret of the stand-in';
const REGION = 'eu-test-1';
const BUCKET = 'records';
const MIN_PART_BYTES = 5 * 1024 * 1024;
const MAX_CLOCK_SKEW_MS = 15 * 60_000;

/** What a request is. */
export type S3Operation =
  | 'begin'
  | 'part'
  | 'list-parts'
  | 'complete'
  | 'abort'
  | 'list-uploads'
  | 'head'
  | 'get'
  | 'delete'
  | 'unknown';

/**
 * How a request goes wrong: a status; `hang`: there is no answer; `reset`: the connection breaks before the request is
 * carried out, or in the middle of an object; `change`: one bit of an object is wrong; `lose`: the request is carried out,
 * and its answer is lost.
 */
export type S3Fault = number | 'hang' | 'reset' | 'change' | 'lose';

interface S3Request {
  readonly operation: S3Operation;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface Upload {
  readonly key: string;
  readonly parts: Map<number, Buffer>;
  begunAt: number;
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(code);
  }
}

/**
 * An object store with one bucket, which speaks as much of the S3 protocol as the server uses. It checks signatures
 * (Signature Version 4, with the hash of the body) by itself, and the rules of uploads in parts.
 */
export class S3StandIn {
  readonly objects = new Map<string, Buffer>();
  readonly uploads = new Map<string, Upload>();
  /** What was asked, in its order. */
  readonly operations: S3Operation[] = [];
  /** Runs before each request is carried out. */
  before: (request: S3Request) => S3Fault | null | void | Promise<S3Fault | null | void> = () =>
    null;
  /** Runs after a request was carried out, before it is answered. */
  after: (request: S3Request) => void | Promise<void> = () => {};
  /** How many items a list has. */
  pageSize = 1_000;
  /** False: the bucket is not there. */
  hasBucket = true;
  /** An error is found after the answer has begun with 200. */
  errorInOk = false;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async open(): Promise<S3StandIn> {
    const standIn = new S3StandIn();
    await new Promise<void>((resolve) => standIn.#server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** As it was when it was opened. */
  reset(): void {
    this.objects.clear();
    this.uploads.clear();
    this.operations.length = 0;
    this.before = () => null;
    this.after = () => {};
    this.pageSize = 1_000;
    this.hasBucket = true;
    this.errorInOk = false;
    this.#server.closeAllConnections();
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  readonly destination = `s3://${BUCKET}/desk`;

  store({ timeoutMs = 10_000, secretAccessKey = SECRET_KEY } = {}): ObjectStore {
    return new ObjectStore(
      {
        accessKeyId: ACCESS_KEY,
        secretAccessKey,
        sessionToken: null,
        region: REGION,
        endpoint: this.endpoint,
      },
      timeoutMs,
    );
  }

  /** The settings of a server that uses it. */
  get environment(): Record<string, string> {
    return {
      RECORDINGS: this.destination,
      S3_ENDPOINT: this.endpoint,
      AWS_ACCESS_KEY_ID: ACCESS_KEY,
      AWS_SECRET_ACCESS_KEY: SECRET_KEY,
      AWS_REGION: REGION,
    };
  }

  count(operation: S3Operation): number {
    return this.operations.filter((one) => one === operation).length;
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '', this.endpoint);
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
    } catch {
      return; // the client has gone
    }
    const key = decodeURIComponent(url.pathname).slice(BUCKET.length + 2);
    const { searchParams: query } = url;
    const method = incoming.method ?? '';
    const request: S3Request = {
      operation: operationOf(method, query),
      ...{ key, query, headers: incoming.headers, body: Buffer.concat(chunks) },
    };
    this.operations.push(request.operation);
    const fault = (await this.before(request)) ?? null;
    if (fault === 'hang') return;
    if (fault === 'reset' && request.operation !== 'get') return void response.destroy();
    try {
      if (typeof fault === 'number') throw new Refusal(fault, 'Fault');
      checkSignature(method, url, incoming.headers, request.body);
      if (!this.hasBucket || url.pathname.split('/')[1] !== BUCKET) {
        throw new Refusal(404, 'NoSuchBucket');
      }
      const { status = 200, body = '', headers = {} } = this.#carryOut(request);
      await this.after(request);
      if (fault === 'lose') return void response.destroy();
      const bytes = Buffer.from(body as Buffer);
      if (fault === 'change') bytes[Math.floor(bytes.length / 2)]! ^= 1;
      response.writeHead(status, { 'content-length': bytes.length, ...headers });
      if (fault !== 'reset') return void response.end(method === 'HEAD' ? undefined : bytes);
      response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const text = `<?xml version="1.0"?>\n<Error><Code>${error.code}</Code><Message>No &amp; no</Message></Error>`;
      response.writeHead(this.errorInOk ? 200 : error.status, {
        'content-type': 'application/xml',
      });
      response.end(method === 'HEAD' ? undefined : text);
    }
  }

  #carryOut(request: S3Request): {
    readonly status?: number;
    readonly body?: string | Buffer;
    readonly headers?: Record<string, string | number>;
  } {
    const { operation, key, query, body, headers } = request;
    const upload = this.uploads.get(query.get('uploadId') ?? '');
    const own = (): Upload => {
      if (upload?.key !== key) throw new Refusal(404, 'NoSuchUpload');
      return upload;
    };
    const object = (): Buffer => {
      const found = this.objects.get(key);
      if (!found) throw new Refusal(404, 'NoSuchKey');
      return found;
    };
    switch (operation) {
      case 'begin': {
        const id = `${randomUUID()}+/=&`;
        this.uploads.set(id, { key, parts: new Map(), begunAt: Date.now() });
        return { body: xml('InitiateMultipartUploadResult', tag('UploadId', id)) };
      }
      case 'part': {
        own().parts.set(Number(query.get('partNumber')), body);
        return { headers: { etag: etagOf(body) } };
      }
      case 'list-parts': {
        const marker = Number(query.get('part-number-marker') ?? 0);
        const all = [...own().parts].sort(([a], [b]) => a - b).filter(([n]) => n > marker);
        const parts = all.slice(0, this.pageSize);
        return {
          body: xml(
            'ListPartsResult',
            tag('IsTruncated', String(all.length > parts.length)),
            tag('NextPartNumberMarker', String(parts.at(-1)?.[0] ?? marker)),
            ...parts.map(([number, bytes]) =>
              xml(
                'Part',
                tag('PartNumber', String(number)),
                tag('ETag', etagOf(bytes)),
                tag('Size', String(bytes.length)),
              ),
            ),
          ),
        };
      }
      case 'complete': {
        const { parts } = own();
        const listed = [
          ...body
            .toString()
            .matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>&quot;(\w+)&quot;<\/ETag>/g),
        ].map(([, number, etag]) => ({ bytes: parts.get(Number(number)), etag: `"${etag}"` }));
        if (listed.length === 0) throw new Refusal(400, 'MalformedXML');
        const bytes = listed.map(({ bytes, etag }, index) => {
          if (!bytes || etagOf(bytes) !== etag) throw new Refusal(400, 'InvalidPart');
          const isLast = index === listed.length - 1;
          if (!isLast && bytes.length < MIN_PART_BYTES) throw new Refusal(400, 'EntityTooSmall');
          return bytes;
        });
        this.objects.set(key, Buffer.concat(bytes));
        this.uploads.delete(query.get('uploadId')!);
        return { body: xml('CompleteMultipartUploadResult', tag('Key', key)) };
      }
      case 'abort':
        own();
        this.uploads.delete(query.get('uploadId')!);
        return { status: 204 };
      case 'list-uploads': {
        const marker = query.get('upload-id-marker');
        const ids = [...this.uploads.keys()];
        const all = ids
          .slice(marker === null ? 0 : ids.indexOf(marker) + 1)
          .filter((id) => this.uploads.get(id)!.key.startsWith(query.get('prefix') ?? ''));
        const listed = all.slice(0, this.pageSize);
        return {
          body: xml(
            'ListMultipartUploadsResult',
            tag('IsTruncated', String(all.length > listed.length)),
            tag('NextKeyMarker', this.uploads.get(listed.at(-1) ?? '')?.key ?? ''),
            tag('NextUploadIdMarker', listed.at(-1) ?? ''),
            ...listed.map((id) =>
              xml(
                'Upload',
                tag('Key', this.uploads.get(id)!.key),
                tag('UploadId', id),
                tag('Initiated', new Date(this.uploads.get(id)!.begunAt).toISOString()),
              ),
            ),
          ),
        };
      }
      case 'head':
        return { headers: { 'content-length': object().length } };
      case 'get': {
        const [, start = '0', end = ''] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
        const all = object();
        if (Number(start) >= all.length) throw new Refusal(416, 'InvalidRange');
        return { status: 206, body: all.subarray(Number(start), Number(end) + 1) };
      }
      case 'delete':
        this.objects.delete(key);
        return { status: 204 };
      case 'unknown':
        throw new Refusal(501, 'NotImplemented');
    }
  }
}

function operationOf(method: string, query: URLSearchParams): S3Operation {
  const of = query.has('uploads') ? 'uploads' : query.has('uploadId') ? 'upload' : 'object';
  const operations: Readonly<Record<string, S3Operation>> = {
    'POST uploads': 'begin',
    'GET uploads': 'list-uploads',
    'PUT upload': 'part',
    'GET upload': 'list-parts',
    'POST upload': 'complete',
    'DELETE upload': 'abort',
    'HEAD object': 'head',
    'GET object': 'get',
    'DELETE object': 'delete',
  };
  return operations[`${method} ${of}`] ?? 'unknown';
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const tag = (name: string, text: string): string => `<${name}>${escape(text)}</${name}>`;
const xml = (name: string, ...content: string[]): string =>
  `<${name}>${content.join('')}</${name}>`;
const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;
const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
const hmac = (key: Buffer | string, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest();

/** As the documentation of Signature Version 4 says it. */
function checkSignature(
  method: string,
  url: URL,
  headers: IncomingMessage['headers'],
  body: Buffer,
): void {
  const [, credential = '', signed = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  const [accessKey, day = '', region, service, end] = credential.split('/');
  const time = String(headers['x-amz-date']);
  const [, date, clock] = /^(\d{8})T(\d{6})Z$/.exec(time) ?? [];
  if (accessKey !== ACCESS_KEY) throw new Refusal(403, 'InvalidAccessKeyId');
  if (date !== day || region !== REGION || service !== 's3' || end !== 'aws4_request') {
    throw new Refusal(403, 'SignatureDoesNotMatch');
  }
  const at = Date.parse(
    `${day.replace(/(....)(..)(..)/, '$1-$2-$3')}T${clock!.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`,
  );
  if (Math.abs(Date.now() - at) > MAX_CLOCK_SKEW_MS) throw new Refusal(403, 'RequestTimeTooSkewed');
  const bodyHash = String(headers['x-amz-content-sha256']);
  if (bodyHash !== sha256(body)) throw new Refusal(400, 'XAmzContentSHA256Mismatch');
  const names = signed.split(';');
  const isUnsigned = (name: string) => name.startsWith('x-amz-') && !names.includes(name);
  if (!names.includes('host') || Object.keys(headers).some(isUnsigned)) {
    throw new Refusal(403, 'AccessDenied');
  }
  const encode = (text: string) =>
    encodeURIComponent(text).replace(
      /[!'()*]/g,
      (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  const canonical = [
    method,
    decodeURIComponent(url.pathname).split('/').map(encode).join('/'),
    [...url.searchParams]
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join('&'),
    ...names.map((name) => `${name}:${String(headers[name]).trim()}`),
    '',
    signed,
    bodyHash,
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [day, region, service, 'aws4_request'].reduce<Buffer | string>(
    (before, part) => hmac(before, part),
    `AWS4${SECRET_KEY}`,
  );
  const expected = hmac(
    key,
    ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n'),
  ).toString('hex');
  if (signature !== expected) throw new Refusal(403, 'SignatureDoesNotMatch');
}
