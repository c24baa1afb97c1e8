import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CloudEndpoint } from '../../src/server/tencent/cloud-rooms.ts';
import { listenOnLoopback, type Loopback } from './loopback.ts';

/**
 * A bucket of S3's, or COS's, on loopback. It refuses requests that are not signed with its key (AWS Signature Version
 * 4), and knows what the server does with recordings: HEAD, GET of a range, DELETE, and the list under a prefix.
 */
export class BucketStandIn {
  readonly objects = new Map<string, Buffer>();
  /** Method and key of each request that was signed. */
  readonly requests: string[] = [];
  /** How the next requests are answered; null: as they should be. */
  answer: (method: string, key: string) => number | null = () => null;
  refused = 0;
  /** How many objects a list has. */
  pageSize = 1_000;

  #server!: Loopback;

  private constructor(
    readonly name: string,
    readonly region: string,
    readonly accessKey: string,
    readonly secretKey: string,
  ) {}

  static async open(
    name = 'bank-1250000000',
    { region = 'ap-shanghai', accessKey = 'AKID-of-a-bucket', secretKey = 'its-secret-key' } = {},
  ): Promise<BucketStandIn> {
    const bucket = new BucketStandIn(name, region, accessKey, secretKey);
    bucket.#server = await listenOnLoopback((request, response) =>
      bucket.#handle(request, response),
    );
    return bucket;
  }

  get endpoint(): CloudEndpoint {
    return { protocol: 'http://', host: this.#server.host };
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://bucket');
    const [, name, ...rest] = pathname.split('/').map(decodeURIComponent);
    const key = rest.join('/');
    const method = request.method ?? '';
    if (!this.#isSigned(request)) {
      this.refused += 1;
      response.writeHead(403).end();
      return;
    }
    this.requests.push(`${method} ${key || `list ${searchParams.get('prefix')}`}`);
    const status = this.answer(method, key);
    if (status !== null || name !== this.name) {
      response.writeHead(status ?? 404).end();
      return;
    }
    if (key === '') return this.#list(searchParams, response);
    const object = this.objects.get(key);
    if (method === 'DELETE') {
      this.objects.delete(key);
      response.writeHead(204).end();
    } else if (!object) response.writeHead(404).end();
    else if (method === 'HEAD') {
      response.writeHead(200, { 'content-length': object.length, etag: `"${md5(object)}"` }).end();
    } else {
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
      const bytes = object.subarray(Number(from), Number(to) + 1);
      response.writeHead(206, { 'content-length': bytes.length }).end(bytes);
    }
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const after = query.get('continuation-token') ?? '';
    const all = [...this.objects]
      .filter(([key]) => key.startsWith(query.get('prefix') ?? '') && key > after)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const page = all.slice(0, this.pageSize);
    const next =
      all.length > page.length
        ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${page.at(-1)![0]}</NextContinuationToken>`
        : '';
    const contents = page.map(
      ([key, { length }]) => `<Contents><Key>${key}</Key><Size>${length}</Size></Contents>`,
    );
    response.end(
      `<?xml version="1.0"?><ListBucketResult>${next}${contents.join('')}</ListBucketResult>`,
    );
  }

  #isSigned({ headers, method, url = '' }: IncomingMessage): boolean {
    const [, credential = '', names = '', signature] =
      /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
        headers.authorization ?? '',
      ) ?? [];
    const time = String(headers['x-amz-date']);
    const date = time.slice(0, 8);
    const scope = `${date}/${this.region}/s3/aws4_request`;
    if (credential !== `${this.accessKey}/${scope}`) return false;
    const [path = '', query = ''] = url.split('?');
    const signed = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
    const canonical = [
      ...[method, path, query.split('&').sort().join('&')],
      ...[signed.join(''), names, headers['x-amz-content-sha256']],
    ].join('\n');
    const key = [date, this.region, 's3', 'aws4_request'].reduce<string | Buffer>(
      (secret, part) => createHmac('sha256', secret).update(part).digest(),
      `AWS4${this.secretKey}`,
    );
    const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`;
    return createHmac('sha256', key).update(text).digest('hex') === signature;
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');
