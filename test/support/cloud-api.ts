import { createHash, createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { CloudEndpoint } from '../../src/server/tencent/cloud-rooms.ts';
import { listenOnLoopback, type Loopback } from './loopback.ts';

export interface CloudRequest {
  readonly action: string;
  readonly version: string;
  readonly region: string;
  readonly body: Record<string, unknown>;
}

/** `code`: an error. `data`: what a success answers with. */
type Answer = (
  request: CloudRequest,
) => { readonly code?: string; readonly status?: number; readonly data?: object } | null;

/** A stand-in for Tencent Cloud's API on loopback. It refuses requests that are not signed as the documents say. */
export class CloudApi {
  readonly requests: CloudRequest[] = [];
  /** Answers the next requests; null: success. */
  answer: Answer = () => null;

  #server!: Loopback;

  private constructor(
    private readonly secretId: string,
    private readonly secretKey: string,
  ) {}

  static async open(secretId: string, secretKey: string): Promise<CloudApi> {
    const api = new CloudApi(secretId, secretKey);
    api.#server = await listenOnLoopback(async (request, response) => {
      const { status = 200, code, data } = (await api.#handle(request)) ?? {};
      const error = code && { Error: { Code: code, Message: 'said the stand-in' } };
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ Response: { RequestId: 'r', ...data, ...error } }));
    });
    return api;
  }

  get endpoint(): CloudEndpoint {
    return { protocol: 'http://', host: this.#server.host };
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  async #handle(request: IncomingMessage): Promise<ReturnType<Answer>> {
    const body = await text(request);
    const header = (name: string) => String(request.headers[name] ?? '');
    if (header('authorization') !== this.#authorization(request, body)) {
      return { code: 'AuthFailure.SignatureFailure' };
    }
    const said: CloudRequest = {
      action: header('x-tc-action'),
      version: header('x-tc-version'),
      region: header('x-tc-region'),
      body: JSON.parse(body) as Record<string, unknown>,
    };
    this.requests.push(said);
    return this.answer(said);
  }

  /** TC3-HMAC-SHA256, by document 1278/55259. The service is the first word of the host's name. */
  #authorization({ headers }: IncomingMessage, body: string): string {
    const timestamp = String(headers['x-tc-timestamp']);
    const [host = ''] = String(headers.host).split(':');
    const [service = ''] = host.split('.');
    const date = new Date(Number(timestamp) * 1000).toISOString().slice(0, 10);
    const signed = 'content-type;host';
    const canonical =
      `POST\n/\n\ncontent-type:${headers['content-type']}\nhost:${host}\n\n` +
      `${signed}\n${sha256(body)}`;
    const scope = `${date}/${service}/tc3_request`;
    const key = ['tc3_request', service, date].reduceRight<string | Buffer>(
      (secret, part) => hmac(secret, part).digest(),
      `TC3${this.secretKey}`,
    );
    const signature = hmac(
      key,
      `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical)}`,
    ).digest('hex');
    return `TC3-HMAC-SHA256 Credential=${this.secretId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
  }
}

const sha256 = (value: string) => createHash('sha256').update(value).digest('hex');
const hmac = (key: string | Buffer, value: string) => createHmac('sha256', key).update(value);
