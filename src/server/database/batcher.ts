import { waitedForLock } from './database-unavailable.ts';
import type { QueryResult } from './database.ts';

/** Rows in one statement. */
const MAX_BATCH_ROWS = 32;
/** Runs of one statement at a time. Measured at 64 clients on 2 cores: two runs give 1.3 times the calls of one. */
const MAX_RUNS = 2;
/** A request that has to be repeated alone is rejected if it has waited this long. */
const MAX_WAIT_TO_RETRY_MS = 10_000;
/** Classes of SQLSTATE that one row causes: its values (22), or a constraint that it violates (23). */
const ROW_ERROR_CLASSES = new Set(['22', '23']);

/** One caller's row. */
interface Request {
  readonly key: string;
  readonly values: readonly unknown[];
  /** By performance.now(). */
  readonly at: number;
  resolve(row: unknown): void;
  reject(error: unknown): void;
}

type RunStatement = (
  text: string,
  values: readonly unknown[],
) => Promise<QueryResult<{ readonly key: string }>>;

/**
 * Runs one statement for a batch of callers and gives each caller its own row. `Database.batch` has the contract.
 *
 * The problem: under load each step of a call is a small statement. Its fixed cost (round trip, plan setup, commit)
 * is larger than its work.
 *
 * The steps:
 * 1. Wait: `run` puts the request into the queue of its statement.
 * 2. Batch: each statement runs at most twice at a time. What is requested meanwhile goes together in its next run.
 * 3. Answer: each request gets the row with its key. Two requests with one key never run at the same time, because the
 *    later one must see what the earlier one did.
 * 4. Retry: if one row makes the batch fail (a bad value, a violated constraint, a row locked by another
 *    transaction), the database has undone the whole batch. Each request is then repeated alone, one after the other,
 *    beside the next batches. So only the caller of that row gets the error, and nobody else waits for its lock.
 *
 * The cost: a request waits while its statement runs for others, a few milliseconds. On an idle server it never waits.
 *
 * Measured at 16 clients on 2 cores: 280 whole calls a second. With one row in each statement: 105.
 */
export class Batcher {
  readonly #queues = new Map<string, StatementQueue>();
  /** Settles when every request that is repeated alone has its answer. */
  #retries: Promise<void> = Promise.resolve();

  constructor(private readonly runStatement: RunStatement) {}

  run(text: string, key: string, values: readonly unknown[]): Promise<unknown> {
    let queue = this.#queues.get(text);
    if (!queue) {
      queue = new StatementQueue(
        (columns) => this.runStatement(text, columns),
        (retry) => (this.#retries = this.#retries.then(retry)),
      );
      this.#queues.set(text, queue);
    }
    return queue.add(key, values);
  }
}

/** The requests of one statement. */
class StatementQueue {
  #waiting: Request[] = [];
  #runs = 0;
  /** The keys of the requests that run or are repeated alone. A later request with such a key waits for them. */
  readonly #busyKeys = new Set<string>();

  constructor(
    private readonly runStatement: (columns: readonly unknown[]) => ReturnType<RunStatement>,
    private readonly retryAlone: (retry: () => Promise<void>) => void,
  ) {}

  add(key: string, values: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, values, at: performance.now(), resolve, reject });
      // A microtask, so that all requests of this turn of the event loop go together.
      queueMicrotask(() => void this.#run());
    });
  }

  async #run(): Promise<void> {
    if (this.#runs === MAX_RUNS) return;
    this.#runs += 1;
    let batch = this.#takeBatch();
    while (batch.length > 0) {
      await this.#runBatch(batch);
      batch = this.#takeBatch();
    }
    this.#runs -= 1;
  }

  #takeBatch(): Request[] {
    const batch: Request[] = [];
    const left: Request[] = [];
    for (const request of this.#waiting) {
      if (batch.length === MAX_BATCH_ROWS || this.#busyKeys.has(request.key)) {
        left.push(request);
      } else {
        this.#busyKeys.add(request.key);
        batch.push(request);
      }
    }
    this.#waiting = left;
    return batch;
  }

  async #runBatch(batch: readonly Request[]): Promise<void> {
    try {
      await this.#answer(batch);
    } catch (error) {
      if (batch.length > 1 && isRowError(error)) return this.#retryEach(batch, error);
      for (const request of batch) request.reject(error);
    }
    for (const { key } of batch) this.#busyKeys.delete(key);
  }

  async #answer(batch: readonly Request[]): Promise<void> {
    const { rows } = await this.runStatement(columnsOf(batch));
    const byKey = new Map(rows.map((row) => [row.key, row]));
    for (const request of batch) request.resolve(byKey.get(request.key));
  }

  /** `batchError`: what the batch failed with, for the requests that have waited too long to be repeated. */
  #retryEach(batch: readonly Request[], batchError: unknown): void {
    for (const request of batch) {
      this.retryAlone(async () => {
        try {
          if (performance.now() - request.at > MAX_WAIT_TO_RETRY_MS) throw batchError;
          await this.#answer([request]);
        } catch (error) {
          request.reject(error);
        }
        this.#busyKeys.delete(request.key);
        void this.#run();
      });
    }
  }
}

/** One array of keys, then one array for each value. */
function columnsOf(batch: readonly Request[]): unknown[][] {
  const values = batch[0]?.values ?? [];
  return [batch.map(({ key }) => key), ...values.map((_, i) => batch.map((one) => one.values[i]))];
}

function isRowError(error: unknown): boolean {
  if (waitedForLock(error)) return true;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && ROW_ERROR_CLASSES.has(code.slice(0, 2));
}
