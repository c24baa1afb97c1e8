import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import type { CloudEndpoint } from '../../src/server/tencent/cloud-rooms.ts';
import { listenOnLoopback, type Loopback } from './loopback.ts';
import { openSignature } from './open-signature.ts';

/** One request, with its signature decoded. */
export interface ImRequest {
  readonly command: string;
  readonly body: unknown;
  readonly signature: ReturnType<typeof openSignature>;
  /** The signature as it was sent. */
  readonly userSig: string;
  /** Path and query. */
  readonly address: string;
}

interface ImAnswer {
  readonly status?: number;
  readonly code?: number;
  readonly info?: string;
  readonly location?: string;
}

/** A stand-in for IM's REST API on loopback. It refuses what the documents refuse (269/1520, 269/1624). */
export class ImApi {
  readonly requests: ImRequest[] = [];
  /** Answers the next requests; default: success. `never`: the request gets no answer. */
  answer: (request: ImRequest) => ImAnswer | 'never' = () => ({});

  #server!: Loopback;

  private constructor(
    private readonly sdkAppId: number,
    private readonly secretKey: string,
  ) {}

  static async open(sdkAppId: number, secretKey: string): Promise<ImApi> {
    const api = new ImApi(sdkAppId, secretKey);
    api.#server = await listenOnLoopback(async (request, response) => {
      const answer = await api.#handle(request);
      if (answer === 'never') return;
      const { status = 200, code = 0, info = '', location } = answer;
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(location && { location }),
      });
      const done = code === 0 ? 'OK' : 'FAIL';
      response.end(JSON.stringify({ ActionStatus: done, ErrorCode: code, ErrorInfo: info }));
    });
    return api;
  }

  get endpoint(): CloudEndpoint {
    return { protocol: 'http://', host: this.#server.host };
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  async #handle(request: IncomingMessage): Promise<ImAnswer | 'never'> {
    const address = request.url ?? '';
    const { pathname, searchParams } = new URL(address, 'http://im');
    const asked = Object.fromEntries(searchParams);
    const { usersig = '', identifier, sdkappid, random, contenttype } = asked;
    const body = JSON.parse(await text(request)) as unknown;
    if (request.method !== 'POST' || contenttype !== 'json') return { code: 60_002 };
    if (sdkappid !== String(this.sdkAppId)) return { code: 60_006 };
    if (!/^\d{1,10}$/.test(random ?? '') || Number(random) >= 2 ** 32) return { code: 60_004 };
    let signature: ImRequest['signature'];
    try {
      signature = openSignature(usersig, this.secretKey);
    } catch (error) {
      assert.ok(error instanceof Error);
      return { code: 70_003, info: `no signature: ${usersig}` };
    }
    if (signature.app !== this.sdkAppId || signature.user !== identifier) return { code: 70_013 };
    if (signature.expiresAt <= Date.now()) return { code: 70_001 };
    if (identifier !== 'administrator') return { code: 60_010 };
    const said = { command: pathname, body, signature, userSig: usersig, address };
    this.requests.push(said);
    return this.answer(said);
  }
}
