import type { Logger } from 'pino';

/** In ms. */
const BACK_OFF_LAST = 10_000;

/** Work that is done again and again, never twice at a time. */
export class Loop {
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #again = false;
  #failures = 0;
  #stopped = true;

  constructor(
    private readonly name: string,
    private readonly every: number,
    private readonly work: () => Promise<void>,
    private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  start(): void {
    this.#stopped = false;
    this.#run();
  }

  /** Now, or right after the run that is under way; while backing off, when that is over. */
  soon(): void {
    if (this.#running) this.#again = true;
    else if (this.#failures === 0) this.#run();
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
      if (this.#again && this.#failures === 0) this.#run();
      else this.#timer = setTimeout(() => this.#run(), this.#pause());
    });
  }

  async #once(): Promise<void> {
    try {
      await this.work();
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      this.logger.warn({ err: error, retryIn: this.#pause() }, `${this.name} failed`);
    }
  }

  /** A beat is never put off for longer than the others take a node for dead after. */
  #pause(): number {
    return this.#failures === 0
      ? this.every
      : Math.min(this.every * 2 ** (this.#failures - 1), BACK_OFF_LAST);
  }
}
