import { setTimeout as delay } from 'node:timers/promises';
import type { View } from '../../src/protocol/views.ts';
import { backoff } from '../../src/signaling/backoff.ts';
import { ProtocolClient, type HelloBody } from './protocol-client.ts';

type RoleOf<H extends HelloBody> = H['role'];
type ViewOf<R extends View['role']> = Extract<View, { role: R }>;

/** A client that reconnects by itself, after the same pauses as the browser's client. */
export class ReturningClient<H extends HelloBody> {
  /** Sockets that it tried to open after the first one. */
  attempts = 0;
  /** Reconnects that ended with a snapshot. */
  returns = 0;
  readonly #reconnecting: Promise<void>;
  #closed = false;

  private constructor(
    private readonly url: string,
    private readonly hello: H,
    private client: ProtocolClient<RoleOf<H>>,
  ) {
    this.#reconnecting = this.#keepConnected();
  }

  static async join<H extends HelloBody>(url: string, hello: H): Promise<ReturningClient<H>> {
    return new ReturningClient(url, hello, await ProtocolClient.join(url, hello));
  }

  /** The last view, also while it is offline. */
  get view(): ViewOf<RoleOf<H>> {
    return this.client.view;
  }

  get connected(): boolean {
    return this.client.closed === null;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.client.cut();
    await this.#reconnecting;
  }

  async #keepConnected(): Promise<void> {
    while (!this.#closed) {
      await this.client.ended();
      for (let attempt = 0; !this.#closed && !this.connected; attempt += 1) {
        await delay(backoff(attempt, Math.random));
        this.attempts += 1;
        try {
          this.client = await ProtocolClient.join(this.url, this.hello);
          this.returns += 1;
        } catch {
          // Refused, or cut again: the next attempt follows.
        }
      }
    }
    this.client.cut();
  }
}
