import type { Logger } from 'pino';

const RETRY_MS = 500;

interface Run {
  again: boolean;
  done: Promise<void>;
}

/**
 * Runs a task for one room at a time each. A request that arrives during a run is served by one further run. A run
 * that fails is tried again after 500 ms.
 */
export class PerRoomTask {
  readonly #runs = new Map<number, Run>();
  readonly #retries = new Map<number, NodeJS.Timeout>();
  #stopped = false;

  constructor(
    private readonly name: string,
    private readonly task: (room: number) => Promise<void>,
    private readonly logger: Logger,
  ) {}

  /** Resolves when a run that began after this request has ended, also if it failed. */
  request(room: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    const current = this.#runs.get(room);
    if (current) {
      current.again = true;
      return current.done;
    }
    const run: Run = { again: false, done: Promise.resolve() };
    this.#runs.set(room, run);
    run.done = this.#run(room, run);
    return run.done;
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#retries.values()) clearTimeout(timer);
    this.#retries.clear();
  }

  async #run(room: number, run: Run): Promise<void> {
    try {
      do {
        run.again = false;
        await this.task(room);
      } while (run.again && !this.#stopped);
    } catch (error) {
      this.logger.warn({ err: error, room }, `${this.name} failed`);
      this.#retryLater(room);
    } finally {
      this.#runs.delete(room);
    }
  }

  #retryLater(room: number): void {
    if (this.#stopped || this.#retries.has(room)) return;
    const timer = setTimeout(() => {
      this.#retries.delete(room);
      void this.request(room);
    }, RETRY_MS);
    this.#retries.set(room, timer);
  }
}
