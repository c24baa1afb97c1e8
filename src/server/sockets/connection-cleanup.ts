import type { Logger } from 'pino';

const AT_ONCE = 8;
const RETRY = 500;

/**
 * Takes the rows of ended connections out of the database, and keeps at it while the database is away:
 * a row that stays would show somebody as present who is not.
 */
export class Departures {
  readonly #waiting = new Set<string>();
  #running = 0;
  #retryTimer: NodeJS.Timeout | null = null;
  #idle: (() => void)[] = [];
  #stopped = false;

  constructor(
    private readonly depart: (connection: string) => Promise<void>,
    private readonly logger: Logger,
  ) {}

  add(connection: string): void {
    if (this.#stopped) return;
    this.#waiting.add(connection);
    this.#pump();
  }

  /** Resolves when nobody waits any more, or after `deadline` ms; what is left is the sweep's. */
  async settle(deadline: number): Promise<void> {
    if (this.#waiting.size > 0 || this.#running > 0) {
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([
        new Promise<void>((resolve) => this.#idle.push(resolve)),
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
      if (this.#running >= AT_ONCE) return;
      this.#waiting.delete(connection);
      void this.#run(connection);
    }
    if (this.#running === 0 && this.#waiting.size === 0) {
      for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  async #run(connection: string): Promise<void> {
    this.#running += 1;
    try {
      await this.depart(connection);
    } catch (error) {
      this.logger.warn({ err: error, connection }, 'a connection’s end could not be written');
      this.#waiting.add(connection);
      if (!this.#stopped) {
        this.#retryTimer ??= setTimeout(() => {
          this.#retryTimer = null;
          this.#pump();
        }, RETRY);
      }
    }
    this.#running -= 1;
    this.#pump();
  }
}
