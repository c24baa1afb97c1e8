import type { Clock } from '../platform/clock.ts';

/** Between two pings, and how long after one the first frame may take: 15 s at most until a dead socket is known. */
const INTERVAL = 10_000;
const PATIENCE = 5_000;

/** Finds out that a socket is dead although nobody said so: a network changed, a laptop slept. */
export class Heartbeat {
  #next: (() => void) | null = null;
  #verdict: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly ping: () => void,
    private readonly dead: () => void,
  ) {}

  start(): void {
    this.stop();
    this.#next = this.clock.after(INTERVAL, () => this.probe());
  }

  /** Asks now instead of at the next beat. */
  probe(): void {
    this.#next?.();
    this.#next = this.clock.after(INTERVAL, () => this.probe());
    if (this.#verdict) return;
    this.#verdict = this.clock.after(PATIENCE, () => {
      this.stop();
      this.dead();
    });
    this.ping();
  }

  /** A frame came, whichever it was. */
  heard(): void {
    this.#verdict?.();
    this.#verdict = null;
  }

  stop(): void {
    this.#next?.();
    this.#next = null;
    this.heard();
  }
}
