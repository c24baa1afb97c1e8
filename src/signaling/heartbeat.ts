import type { Clock } from '../platform/clock.ts';

/** A dead socket is known after 15 s at most: 10 s to the next ping, 5 s for its answer. */
const INTERVAL_MS = 10_000;
const ANSWER_TIMEOUT_MS = 5_000;

/** Finds a socket that is dead without a close: the network changed, or a laptop slept. */
export class Heartbeat {
  #cancelNext: (() => void) | null = null;
  #cancelTimeout: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly ping: () => void,
    private readonly onDead: () => void,
  ) {}

  start(): void {
    this.stop();
    this.#cancelNext = this.clock.after(INTERVAL_MS, () => this.probe());
  }

  /** Pings now instead of at the next interval. */
  probe(): void {
    this.#cancelNext?.();
    this.#cancelNext = this.clock.after(INTERVAL_MS, () => this.probe());
    if (this.#cancelTimeout) return;
    this.#cancelTimeout = this.clock.after(ANSWER_TIMEOUT_MS, () => {
      this.stop();
      this.onDead();
    });
    this.ping();
  }

  /** Any frame shows that the socket is alive. */
  handleFrame(): void {
    this.#cancelTimeout?.();
    this.#cancelTimeout = null;
  }

  stop(): void {
    this.#cancelNext?.();
    this.#cancelNext = null;
    this.handleFrame();
  }
}
