import type { Logger } from 'pino';
import type { ViewReading } from '../views/view-reading.ts';
import type { Connection } from './connection.ts';

/** Reads the views of these connections at one moment; one that has no view any more is left out. */
export type ReadViews = (
  connections: readonly Connection[],
) => Promise<ReadonlyMap<Connection, ViewReading>>;

/** How long a change that many views share (a queue that moves) may wait for others; in ms. */
const SOON = 300;
/** Connections read by one statement. */
const BATCH = 500;
/** Places of it kept for whose change is shared: they are late where many change alone, and never left out. */
const KEPT = 20;
const RETRY_FIRST = 250;
const RETRY_LAST = 5_000;

/**
 * Keeps the views of one role up to date: reads one batch after another, never two at a time, so that
 * a later `rev` was read later; what changes meanwhile is gathered for the next batch.
 */
export class SnapshotFeed {
  readonly #due = new Set<Connection>();
  readonly #dueSoon = new Set<Connection>();
  /** Due, after all others. */
  readonly #shared = new Set<Connection>();
  #soonTimer: NodeJS.Timeout | null = null;
  #retryTimer: NodeJS.Timeout | null = null;
  #retryIn = RETRY_FIRST;
  #reading = false;
  #stopped = false;

  constructor(
    private readonly read: ReadViews,
    private readonly show: (connection: Connection, reading: ViewReading) => void,
    private readonly logger: Logger,
    /** Of those whose change is shared, read by one statement: what concerns one alone waits for no more. */
    private readonly shared = BATCH,
  ) {}

  refresh(connection: Connection): void {
    if (this.#stopped) return;
    this.#due.add(connection);
    void this.#pump();
  }

  refreshSoon(connection: Connection): void {
    if (this.#stopped) return;
    this.#dueSoon.add(connection);
    this.#soonTimer ??= setTimeout(() => {
      this.#soonTimer = null;
      for (const waiting of this.#dueSoon) this.#shared.add(waiting);
      this.#dueSoon.clear();
      void this.#pump();
    }, SOON);
  }

  forget(connection: Connection): void {
    this.#due.delete(connection);
    this.#dueSoon.delete(connection);
    this.#shared.delete(connection);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#soonTimer) clearTimeout(this.#soonTimer);
    if (this.#retryTimer) clearTimeout(this.#retryTimer);
    this.#due.clear();
    this.#dueSoon.clear();
    this.#shared.clear();
  }

  async #pump(): Promise<void> {
    if (this.#reading || this.#retryTimer) return;
    this.#reading = true;
    // Whatever becomes due in this turn is read by one statement.
    await new Promise((resolve) => setImmediate(resolve));
    for (let batch = this.#take(); batch.length > 0; batch = this.#take()) {
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

  #take(): Connection[] {
    const batch: Connection[] = [];
    this.#takeFrom(this.#due, BATCH - Math.min(this.#shared.size, KEPT), batch);
    this.#takeFrom(this.#shared, Math.min(BATCH, batch.length + this.shared), batch);
    return batch;
  }

  #takeFrom(due: ReadonlySet<Connection>, full: number, batch: Connection[]): void {
    for (const connection of due) {
      if (batch.length >= full) return;
      this.forget(connection);
      if (connection.ended) continue;
      if (connection.snapshots.isReady(() => this.refresh(connection))) batch.push(connection);
    }
  }

  /** The database is away or busy: nobody is forgotten, all are read when it answers again. */
  #retry(batch: readonly Connection[], error: unknown): void {
    if (this.#stopped) return;
    this.logger.warn({ err: error, retryIn: this.#retryIn }, 'views could not be read');
    for (const connection of batch) this.#due.add(connection);
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = null;
      void this.#pump();
    }, this.#retryIn);
    this.#retryIn = Math.min(this.#retryIn * 2, RETRY_LAST);
  }
}
