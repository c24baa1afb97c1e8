import type { Logger } from 'pino';

/** How long to wait after an error: twice as long after each further one, from `first` to `last`; in ms. */
export interface BackOff {
  readonly first: number;
  readonly last: number;
}

const BACK_OFF_LAST = 10_000;
/** Before what was asked for while the like of it was under way: what is asked for meanwhile goes along; in ms. */
export const BREATH = 5;

/** Work that is done again and again, never twice at a time. */
export class Loop {
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  /** Asked for since the last one began. */
  #again = false;
  #failures = 0;
  #stopped = true;

  constructor(
    private readonly name: string,
    private readonly every: number,
    private readonly work: () => Promise<void>,
    private readonly logger: Pick<Logger, 'warn' | 'info'>,
    private readonly backOff: BackOff = { first: every, last: BACK_OFF_LAST },
  ) {}

  start(): void {
    this.#stopped = false;
    this.#run();
  }

  /** Now, or a breath after the run that is under way; while backing off, when that is over. */
  soon(): void {
    if (this.#running) this.#again = true;
    else if (this.#failures === 0 && !this.#again) this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  #run(): void {
    if (this.#stopped) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#again = false;
    this.#running = this.#once().then(() => {
      this.#running = null;
      if (this.#stopped) return;
      this.#timer = setTimeout(() => this.#run(), this.#pause());
    });
  }

  async #once(): Promise<void> {
    try {
      await this.work();
      if (this.#failures > 0) this.logger.info(`${this.name} works again`);
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      // Once: while the database is away for minutes, the same error comes every second.
      if (this.#failures === 1) this.logger.warn({ err: error }, `${this.name} failed`);
    }
  }

  #pause(): number {
    if (this.#failures === 0) return this.#again ? BREATH : this.every;
    const { first, last } = this.backOff;
    // Jitter, so that many nodes do not come back to a restarted database in one moment.
    return Math.min(first * 2 ** (this.#failures - 1), last) * (0.5 + Math.random() / 2);
  }
}
