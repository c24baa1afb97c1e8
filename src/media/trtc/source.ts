import type { Clock } from '../../platform/clock.ts';
import { LatestRequest } from './latest-request.ts';

const RETRY = 2_000;

/** The SDK's three calls for one source of ours. */
export interface SourceCalls<S> {
  start(source: S): Promise<void>;
  update(source: S, before: S): Promise<void>;
  stop(): Promise<void>;
}

/** One source as it is sent: brought to what was wished last, one call of the SDK at a time. */
export class TrtcSource<S extends object> {
  readonly #wish = new LatestRequest<S | null>((source) => this.#send(source));
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
    this.#wish.set(source);
  }

  /** Resolves when what was wished by now is carried out, or was overtaken. */
  settled(): Promise<void> {
    return this.#wish.settled();
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
      // The others hear or see nothing of it, as of a device that is missing, until it is sent after all. Stopped
      // first, since the SDK starts nothing twice; a stop that fails has nothing more to stop.
      await this.calls.stop().catch(() => undefined);
      this.#sent = null;
      if (source && !this.#closed) {
        this.#cancelRetry = this.clock.after(RETRY, () => this.set(source));
      }
    }
  }
}

function same<S extends object>(a: S, b: S): boolean {
  return (Object.keys(a) as (keyof S)[]).every((key) => a[key] === b[key]);
}
