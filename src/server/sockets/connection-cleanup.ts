import type { Logger } from 'pino';

const MAX_PARALLEL = 8;
const RETRY_MS = 500;

/**
 * Removes the rows of ended connections, and tries again while the database is away: a row that stays would show
 * somebody as present who is gone.
 */
export class ConnectionCleanup {
  readonly #waiting = new Set<string>();
  #running = 0;
  #retryTimer: NodeJS.Timeout | null = null;
  #onIdle: (() => void)[] = [];
  #stopped = false;

  constructor(
    private readonly remove: (connection: string) => Promise<void>,
    private readonly logger: Logger,
  ) {}

  add(connection: string): void {
    if (this.#stopped) return;
    this.#waiting.add(connection);
    this.#pump();
  }

  /** Resolves when no row is left, or after `deadline` ms. What is left then is removed by the sweep. */
  async settle(deadline: number): Promise<void> {
    if (this.#waiting.size > 0 || this.#running > 0) {
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([
        new Promise<void>((resolve) => this.#onIdle.push(resolve)),
        new Promise<void>((resolve) => (timer = setTimeout(resolve, deadline))),
      ]);
      clearTimeout(timer);
    }
    this.#stopped = true;
    if (this.#retryTimer) clearTimeout(this.#retryTimer);
  }

  #pump(): void {
    if (this.#stopped || this.#retryTimer) return;
    for (const connection of this.#waiting) {
      if (this.#running >= MAX_PARALLEL) return;
      this.#waiting.delete(connection);
      void this.#run(connection);
    }
    if (this.#running === 0 && this.#waiting.size === 0) {
      for (const resolve of this.#onIdle.splice(0)) resolve();
    }
  }

  async #run(connection: string): Promise<void> {
    this.#running += 1;
    try {
      await this.remove(connection);
    } catch (error) {
      this.logger.warn(
        { err: error, connection },
        'the row of an ended connection was not removed',
      );
      this.#waiting.add(connection);
      if (!this.#stopped) {
        this.#retryTimer ??= setTimeout(() => {
          this.#retryTimer = null;
          this.#pump();
        }, RETRY_MS);
      }
    }
    this.#running -= 1;
    this.#pump();
  }
}
