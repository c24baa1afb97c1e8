import { nextChain } from '../../src/media/recorder/slice-chain.ts';

interface ReceivedSegment {
  readonly recording: string;
  readonly mime: string;
  readonly startedAt: number;
  readonly parts: ArrayBuffer[];
  offset: number;
  chain: string;
  /** What the browser said at the end; null before it. */
  end: {
    readonly bytes: number;
    readonly chain: string | null;
    readonly durationMs: number;
  } | null;
}

/** A server that takes recordings, in place of this page's `fetch`. It checks offsets and hash chains. */
export class RecordingStandIn {
  /** By id, in the order of their beginning. */
  readonly segments = new Map<string, ReceivedSegment>();
  readonly requests: string[] = [];
  readonly headers: Headers[] = [];
  /** Runs before each request is handled. A Response is the answer; an error is thrown as the network's. */
  intercept: (method: string, path: string) => Response | null | Promise<Response | null> = () =>
    null;
  /** Loses the answer to the next slice. */
  loseAnswer = false;
  readonly #fetch = window.fetch;

  start(): void {
    window.fetch = (input, init) => this.#handle(new URL(String(input)), init ?? {});
  }

  stop(): void {
    window.fetch = this.#fetch;
  }

  fileOf(id: string): Blob {
    const { parts, mime } = this.segments.get(id)!;
    return new Blob(parts, { type: mime });
  }

  async #handle({ pathname }: URL, init: RequestInit): Promise<Response> {
    const method = init.method ?? 'GET';
    const headers = new Headers(init.headers);
    this.headers.push(headers);
    const [, recording, id, action] =
      /^\/api\/v1\/recordings\/([^/]+)\/segments(?:\/([^/]+)(\/complete)?)?$/.exec(pathname) ?? [];
    this.requests.push(`${method}${action ?? ''}`);
    const intercepted = await this.intercept(method, pathname);
    if (intercepted) return intercepted;
    if (method === 'POST' && !id) return this.#begin(recording!, String(init.body));
    const segment = id === undefined ? undefined : this.segments.get(id);
    if (!segment || segment.recording !== recording) return refusal(404, 'not-found');
    if (method === 'POST') {
      segment.end = JSON.parse(String(init.body)) as ReceivedSegment['end'];
      return new Response(null, { status: 204 });
    }
    return this.#add(segment, headers, init.body as ArrayBuffer);
  }

  #begin(recording: string, body: string): Response {
    const { id, mime, startedAt } = JSON.parse(body) as {
      id: string;
      mime: string;
      startedAt: number;
    };
    const known = this.segments.get(id);
    const segment = known ?? {
      ...{ recording, mime, startedAt, parts: [], offset: 0, chain: '', end: null },
    };
    this.segments.set(id, segment);
    const ordinal = [...this.segments.keys()].indexOf(id) + 1;
    const { offset, chain, end } = segment;
    const answer = { id, ordinal, offset, chain: chain || null, complete: end !== null };
    return Response.json(answer, { status: known ? 200 : 201 });
  }

  async #add(segment: ReceivedSegment, headers: Headers, bytes: ArrayBuffer): Promise<Response> {
    const { offset, chain } = segment;
    if (headers.get('upload-offset') !== String(offset)) {
      return Response.json({ code: 'upload-offset', message: '', offset }, { status: 409 });
    }
    const next = await nextChain(chain, bytes);
    if (headers.get('slice-chain') !== next) return refusal(422, 'slice-changed');
    segment.parts.push(bytes);
    segment.offset += bytes.byteLength;
    segment.chain = next;
    if (!this.loseAnswer) return new Response(null, { status: 204 });
    this.loseAnswer = false;
    throw new TypeError('Failed to fetch');
  }
}

export const refusal = (status: number, code: string): Response =>
  Response.json({ code, message: '' }, { status });
