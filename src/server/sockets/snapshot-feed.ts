import type { Logger } from 'pino';
import type { Topic } from '../database/database.ts';
import { BREATH } from '../sweeps/loop.ts';
import type { Changed, ViewReading } from '../presence/view-reading.ts';
import type { Connection } from './connection.ts';

/** Reads the views of these connections, of which so much may have changed; one that has no view any more is left out. */
export type ReadViews = (
  due: ReadonlyMap<Connection, Changed>,
) => Promise<ReadonlyMap<Connection, ViewReading>>;

/** How long a change that many views share (a queue that moves) may wait for others; in ms. */
const SOON = 300;
/** Connections read by one statement. */
const BATCH = 500;
/** Places of it kept for whose change is shared: they are late where many change alone, and never left out. */
const KEPT = 20;
const RETRY_FIRST = 250;
const RETRY_LAST = 5_000;

type Waiting = Map<Connection, Changed>;

/**
 * Keeps the views of one role up to date: reads one batch after another, never two at a time, so that
 * a later `rev` was read later; what changes meanwhile is gathered for the next batch.
 */
export class SnapshotFeed {
  readonly #due: Waiting = new Map();
  readonly #dueSoon: Waiting = new Map();
  /** Due, after all others. */
  readonly #shared: Waiting = new Map();
  /** Due once their last snapshot has left. */
  readonly #held: Waiting = new Map();
  /** What was told since the last batch began to be read. */
  readonly #heard = new Set<Topic>();
  #soonTimer: NodeJS.Timeout | null = null;
  #retryTimer: NodeJS.Timeout | null = null;
  #retryIn = RETRY_FIRST;
  #reading = false;
  #stopped = false;

  constructor(
    private readonly read: ReadViews,
    private readonly show: (connection: Connection, reading: ViewReading) => void,
    private readonly logger: Logger,
    /** Whole views of those whose change is shared, read by one statement: what concerns one alone waits for no more. */
    private readonly shared = BATCH,
  ) {}

  refresh(connection: Connection): void {
    if (this.#stopped) return;
    note(this.#due, connection, 'own');
    void this.#pump();
  }

  refreshSoon(connection: Connection, changed: Changed): void {
    if (this.#stopped) return;
    note(this.#dueSoon, connection, changed);
    this.#soonTimer ??= setTimeout(() => {
      this.#soonTimer = null;
      for (const [waiting, what] of this.#dueSoon) note(this.#shared, waiting, what);
      this.#dueSoon.clear();
      void this.#pump();
    }, SOON);
  }

  /** These were told. What the batch that is being read hangs on is known only once it was read. */
  hear(topics: ReadonlySet<Topic>): void {
    if (this.#reading) for (const topic of topics) this.#heard.add(topic);
  }

  /** Whether it was told since the batch that is shown began to be read: then it may have been read before. */
  heard(topic: Topic): boolean {
    return this.#heard.has(topic);
  }

  forget(connection: Connection): void {
    for (const waiting of this.#waiting()) waiting.delete(connection);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#soonTimer) clearTimeout(this.#soonTimer);
    if (this.#retryTimer) clearTimeout(this.#retryTimer);
    for (const waiting of this.#waiting()) waiting.clear();
  }

  #waiting(): Waiting[] {
    return [this.#due, this.#dueSoon, this.#shared, this.#held];
  }

  async #pump(): Promise<void> {
    if (this.#reading || this.#retryTimer) return;
    this.#reading = true;
    // Whatever becomes due in this turn is read by one statement.
    await new Promise((resolve) => setImmediate(resolve));
    for (let batch = this.#take(); batch.size > 0; batch = await this.#takeNext()) {
      this.#heard.clear();
      try {
        const readings = await this.read(batch);
        this.#retryIn = RETRY_FIRST;
        for (const [connection, reading] of readings) {
          if (!connection.ended) this.show(connection, reading);
        }
      } catch (error) {
        this.#retry(batch, error);
        break;
      }
    }
    this.#reading = false;
  }

  /** With a breath before it where there is any; a change that nobody is before is read at once. */
  async #takeNext(): Promise<Waiting> {
    if (this.#due.size + this.#shared.size > 0) {
      await new Promise((resolve) => setTimeout(resolve, BREATH));
    }
    return this.#take();
  }

  #take(): Waiting {
    const batch: Waiting = new Map();
    const own = BATCH - Math.min(this.#shared.size, KEPT);
    for (const connection of this.#due.keys()) {
      if (batch.size >= own) break;
      this.#takeOne(connection, batch);
    }
    let whole = 0;
    for (const [connection, changed] of this.#shared) {
      if (batch.size >= BATCH) break;
      if (changed === 'line' || (whole += 1) <= this.shared) this.#takeOne(connection, batch);
    }
    return batch;
  }

  /** With all that is known of it; only a line that is to be read soon, for many, is not read before for one. */
  #takeOne(connection: Connection, batch: Waiting): void {
    const from = [this.#due, this.#shared, this.#held];
    if (this.#dueSoon.get(connection) !== 'line') from.push(this.#dueSoon);
    const taken: Waiting = new Map();
    for (const waiting of from) {
      const changed = waiting.get(connection);
      if (changed) note(taken, connection, changed);
      waiting.delete(connection);
    }
    if (connection.ended) return;
    const ready = connection.snapshots.isReady(() => this.#letGo(connection));
    for (const [, changed] of taken) note(ready ? batch : this.#held, connection, changed);
  }

  #letGo(connection: Connection): void {
    const changed = this.#held.get(connection);
    if (!changed) return;
    this.#held.delete(connection);
    note(this.#due, connection, changed);
    void this.#pump();
  }

  /** The database is away or busy: nobody is forgotten, all are read when it answers again. */
  #retry(batch: Waiting, error: unknown): void {
    if (this.#stopped) return;
    this.logger.warn({ err: error, retryIn: this.#retryIn }, 'views could not be read');
    for (const [connection, changed] of batch) note(this.#due, connection, changed);
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = null;
      void this.#pump();
    }, this.#retryIn);
    this.#retryIn = Math.min(this.#retryIn * 2, RETRY_LAST);
  }
}

/** Along with what is known of it already. */
function note(waiting: Waiting, connection: Connection, changed: Changed): void {
  const before = waiting.get(connection) ?? changed;
  const either = before === 'all' || changed === 'all' ? 'all' : 'both';
  waiting.set(connection, before === changed ? changed : either);
}
