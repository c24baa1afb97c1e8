import type { Logger } from 'pino';

/** The pause after an error, in ms. It doubles with each further error, from `first` to `last`. */
export interface BackOff {
  readonly first: number;
  readonly last: number;
}

const MAX_BACK_OFF_MS = 10_000;
/** Requests that arrive during a run share the next one. It begins this long after the run. */
export const COALESCING_DELAY_MS = 5;

/** Work that is repeated, and never runs twice at a time. */
export class Loop {
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  /** Whether a run was requested since the last one began. */
  #requested = false;
  #failures = 0;
  #stopped = true;

  constructor(
    /** The subject of the log lines. */
    private readonly name: string,
    private readonly everyMs: number,
    private readonly work: () => Promise<void>,
    private readonly logger: Pick<Logger, 'warn' | 'info'>,
    private readonly backOff: BackOff = { first: everyMs, last: MAX_BACK_OFF_MS },
  ) {}

  start(): void {
    this.#stopped = false;
    this.#run();
  }

  /** Requests a run: now, or right after the one that is under way. After an error the back-off goes first. */
  soon(): void {
    if (this.#running) this.#requested = true;
    else if (this.#failures === 0 && !this.#requested) this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  #run(): void {
    if (this.#stopped) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#requested = false;
    this.#running = this.#runOnce().then(() => {
      this.#running = null;
      if (this.#stopped) return;
      this.#timer = setTimeout(() => this.#run(), this.#pause());
    });
  }

  async #runOnce(): Promise<void> {
    try {
      await this.work();
      if (this.#failures > 0) this.logger.info(`${this.name} works again`);
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      // One line: while the database is away, the same error comes every second.
      if (this.#failures === 1) this.logger.warn({ err: error }, `${this.name} failed`);
    }
  }

  #pause(): number {
    if (this.#failures === 0) return this.#requested ? COALESCING_DELAY_MS : this.everyMs;
    const { first, last } = this.backOff;
    // Random, so that many nodes do not come back to a restarted database in one moment.
    return Math.min(first * 2 ** (this.#failures - 1), last) * (0.5 + Math.random() / 2);
  }
}
