import { createHash, randomUUID } from 'node:crypto';

/** The chain value of a slice. */
export function chainOf(before: string | null, slice: Uint8Array): string {
  const hash = createHash('sha256');
  if (before !== null) hash.update(Buffer.from(before, 'hex'));
  return hash.update(slice).digest('hex');
}

/** Sends segments of a recording as a desk does. */
export class SegmentSender {
  readonly id = randomUUID();
  offset = 0;
  chain: string | null = null;

  constructor(
    private readonly url: string,
    private readonly token: string,
    readonly recording: string,
  ) {}

  get #address(): string {
    return `${this.url}/api/v1/recordings/${this.recording}/segments`;
  }

  get #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}` };
  }

  begin(startedAt = Date.now(), mime = 'video/webm;codecs=vp8,opus'): Promise<Response> {
    return fetch(this.#address, {
      method: 'POST',
      headers: { ...this.#headers, 'content-type': 'application/json' },
      body: JSON.stringify({ id: this.id, mime, startedAt }),
    });
  }

  /** Sends a slice as it is. */
  patch(slice: Uint8Array, offset: number, chain: string): Promise<Response> {
    return fetch(`${this.#address}/${this.id}`, {
      method: 'PATCH',
      headers: {
        ...this.#headers,
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(offset),
        'slice-chain': chain,
      },
      body: new Uint8Array(slice),
    });
  }

  /** Sends the next slice. */
  async send(slice: Uint8Array): Promise<void> {
    const chain = chainOf(this.chain, slice);
    const response = await this.patch(slice, this.offset, chain);
    if (response.status !== 204) throw new Error(`${response.status} ${await response.text()}`);
    this.offset += slice.length;
    this.chain = chain;
  }

  head(): Promise<Response> {
    return fetch(`${this.#address}/${this.id}`, { method: 'HEAD', headers: this.#headers });
  }

  complete(durationMs = 2_000, bytes = this.offset, chain = this.chain): Promise<Response> {
    return fetch(`${this.#address}/${this.id}/complete`, {
      method: 'POST',
      headers: { ...this.#headers, 'content-type': 'application/json' },
      body: JSON.stringify({ bytes, chain, durationMs }),
    });
  }
}
