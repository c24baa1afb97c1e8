import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import { RetryLaterError } from '../rate-limits/retry-later-error.ts';
import { passwordThreadUrl, type DeriveTask } from './password-thread.ts';

/** Each hash takes a processor for about 100 ms, and 32 MiB. */
const MAX_THREADS = 2;
/** Sign-ins that may wait: about a second of work. */
const MAX_WAITING = 16;
/** When a sign-in that found no place may come back. */
const RETRY_SECONDS = 2;
/** How long a thread lives without work. */
const IDLE_MS = 30_000;

/** The threads in which this process hashes passwords, and the queue before them. */
class PasswordThreads {
  #pool: Piscina<DeriveTask, Uint8Array> | null = null;
  #started = 0;

  /** Hashes that this process has begun. */
  get started(): number {
    return this.#started;
  }

  /** Hashes that wait for a thread. */
  get waiting(): number {
    return this.#pool?.queueSize ?? 0;
  }

  /** Throws `rate-limited` if too many hashes wait. */
  requirePlace(): void {
    if (this.waiting < MAX_WAITING) return;
    throw new RetryLaterError('rate-limited', 'Too many sign in at this moment.', RETRY_SECONDS);
  }

  derive(task: DeriveTask): Promise<Uint8Array> {
    this.#started += 1;
    this.#pool ??= new Piscina<DeriveTask, Uint8Array>({
      filename: fileURLToPath(passwordThreadUrl),
      minThreads: 0,
      maxThreads: MAX_THREADS,
      concurrentTasksPerWorker: 1,
      idleTimeout: IDLE_MS,
    });
    return this.#pool.run(task);
  }
}

/** One for the process: two servers in one process share its processors. */
export const passwordThreads = new PasswordThreads();
