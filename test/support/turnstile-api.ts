import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnLoopback, type Loopback } from './loopback.ts';

interface Request {
  readonly secret?: string;
  readonly response?: string;
  readonly idempotency_key?: string;
}

/**
 * A stand-in for Cloudflare's siteverify API on loopback, as its documents describe it: a token counts once, and again
 * only under the same idempotency key; faults come as `error-codes`.
 */
export class TurnstileApi {
  readonly requests: Request[] = [];
  /** The tokens that widgets have given out. */
  readonly tokens = new Set<string>();
  /** Answers instead of the API, for a broken one. */
  broken: ((response: ServerResponse) => void) | null = null;
  readonly #spent = new Map<string, string | undefined>();
  #server!: Loopback;

  private constructor(private readonly secretKey: string) {}

  static async open(secretKey: string): Promise<TurnstileApi> {
    const api = new TurnstileApi(secretKey);
    api.#server = await listenOnLoopback(async (request, response) => {
      const asked = await read(request);
      api.requests.push(asked);
      if (api.broken) return api.broken(response);
      const codes = request.method === 'POST' ? api.#faultsOf(asked) : ['bad-request'];
      const success = codes.length === 0;
      const refused = codes.includes('bad-request') || codes.includes('invalid-input-secret');
      response.writeHead(refused ? 400 : 200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          success,
          'error-codes': codes,
          ...(success && {
            challenge_ts: new Date().toISOString(),
            hostname: 'shop.example.com',
            action: '',
            cdata: '',
          }),
        }),
      );
    });
    return api;
  }

  get address(): string {
    return `http://${this.#server.host}/turnstile/v0/siteverify`;
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  #faultsOf({ secret, response, idempotency_key: key }: Request): string[] {
    if (secret === undefined) return ['missing-input-secret'];
    if (secret !== this.secretKey) return ['invalid-input-secret'];
    if (response === undefined) return ['missing-input-response'];
    if (!this.tokens.has(response)) return ['invalid-input-response'];
    if (this.#spent.has(response)) {
      return key !== undefined && this.#spent.get(response) === key ? [] : ['timeout-or-duplicate'];
    }
    this.#spent.set(response, key);
    return [];
  }
}

async function read(request: IncomingMessage): Promise<Request> {
  return JSON.parse((await text(request)) || '{}') as Request;
}
