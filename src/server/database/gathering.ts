import type { QueryResult } from './database.ts';

/** Rows asked for by one statement at most. */
const MOST = 64;
/** Classes of SQLSTATE that are one row's fault: its values, or a constraint that it would break. */
const OF_A_ROW = new Set(['22', '23']);

interface Asked {
  readonly key: string;
  readonly values: readonly unknown[];
  resolve(row: unknown): void;
  reject(error: unknown): void;
}

type Run = (
  text: string,
  values: readonly unknown[],
) => Promise<QueryResult<{ readonly key: string }>>;

/**
 * Statements that do the same for many at once; `Database.gather` has the contract. Of each statement one
 * runs at a time, and what is asked for meanwhile goes together in the next: alone nobody waits, and under
 * load a commit and the setting up of a plan are shared by all who came in the same few milliseconds.
 * Measured, 16 clients on 2 cores: a call's whole life takes 2.0 ms of processor time so, 3.1 ms without.
 */
export class Gathering {
  readonly #lines = new Map<string, Line>();

  constructor(private readonly run: Run) {}

  ask(text: string, key: string, values: readonly unknown[]): Promise<unknown> {
    let line = this.#lines.get(text);
    if (!line) {
      line = new Line((columns) => this.run(text, columns));
      this.#lines.set(text, line);
    }
    return line.ask(key, values);
  }
}

/** All who ask for one statement. */
class Line {
  #waiting: Asked[] = [];
  #running = false;

  constructor(private readonly run: (columns: readonly unknown[]) => ReturnType<Run>) {}

  ask(key: string, values: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, values, resolve, reject });
      if (!this.#running) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#running = true;
    // Whatever is asked for in this turn goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#answer(this.#take());
    this.#running = false;
  }

  /** Two who ask about the same thing are never in one statement: the later is to see what the earlier did. */
  #take(): Asked[] {
    const taken = new Map<string, Asked>();
    const left: Asked[] = [];
    for (const asked of this.#waiting) {
      if (taken.size < MOST && !taken.has(asked.key)) taken.set(asked.key, asked);
      else left.push(asked);
    }
    this.#waiting = left;
    return [...taken.values()];
  }

  async #answer(batch: readonly Asked[]): Promise<void> {
    try {
      const { rows } = await this.run(columnsOf(batch));
      const byKey = new Map(rows.map((row) => [row.key, row]));
      for (const asked of batch) asked.resolve(byKey.get(asked.key));
    } catch (error) {
      // The database has undone it for all of them: each alone, the error finds the one whose it is.
      if (batch.length > 1 && isOfARow(error))
        for (const asked of batch) await this.#answer([asked]);
      else for (const asked of batch) asked.reject(error);
    }
  }
}

/** The keys, and then one array for each value. */
function columnsOf(batch: readonly Asked[]): unknown[][] {
  const values = batch[0]?.values ?? [];
  return [batch.map(({ key }) => key), ...values.map((_, i) => batch.map((one) => one.values[i]))];
}

function isOfARow(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && OF_A_ROW.has(code.slice(0, 2));
}
