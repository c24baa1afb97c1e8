import type { Clock } from '../../platform/clock.ts';
import { LatestRequest } from './latest-request.ts';

const RETRY_MS = 2_000;

/** The SDK's three calls for one of our sources. */
export interface SourceCalls<S> {
  start(source: S): Promise<void>;
  update(source: S, before: S): Promise<void>;
  stop(): Promise<void>;
}

/** Sends one source as the latest request says, with one call of the SDK at a time. */
export class TrtcSource<S extends object> {
  readonly #request = new LatestRequest<S | null>((source) => this.#send(source));
  #sent: S | null = null;
  #cancelRetry: (() => void) | null = null;
  #closed = false;

  constructor(
    private readonly clock: Clock,
    private readonly calls: SourceCalls<S>,
  ) {}

  /** `null`: send nothing. */
  set(source: S | null): void {
    if (this.#closed) return;
    this.#cancelRetry?.();
    this.#request.set(source);
  }

  /** Resolves when the present request is finished or dropped. */
  settled(): Promise<void> {
    return this.#request.settled();
  }

  /** Resolves when nothing is sent any more. */
  async close(): Promise<void> {
    this.set(null);
    this.#closed = true;
    await this.settled();
  }

  /** The SDK stopped sending by itself. */
  handleStopped(): void {
    this.#sent = null;
  }

  async #send(source: S | null): Promise<void> {
    const before = this.#sent;
    if (source === before || (source && before && same(source, before))) return;
    try {
      if (!source) await this.calls.stop();
      else if (before) await this.calls.update(source, before);
      else await this.calls.start(source);
      this.#sent = source;
    } catch {
      // To the others it is like a missing device until a retry succeeds. It is stopped first, because the SDK starts
      // nothing twice. If stopping fails, there is nothing to stop.
      await this.calls.stop().catch(() => undefined);
      this.#sent = null;
      if (source && !this.#closed) {
        this.#cancelRetry = this.clock.after(RETRY_MS, () => this.set(source));
      }
    }
  }
}

function same<S extends object>(a: S, b: S): boolean {
  return (Object.keys(a) as (keyof S)[]).every((key) => a[key] === b[key]);
}
