import type { Logger } from 'pino';
import type { Topic } from '../database/database.ts';
import type { ViewChange, ViewReading } from '../views/view-reading.ts';
import type { Connection } from './connection.ts';

/** Reads the views of these connections, and what of them may have changed. A viewer who was deleted is left out. */
export type ReadViews = (
  due: ReadonlyMap<Connection, ViewChange>,
) => Promise<ReadonlyMap<Connection, ViewReading>>;

/** Coalescing delay between two batches: changes that arrive meanwhile share the next one. */
const COALESCING_MS = 5;
/** A change that many views share (a queue that moves) waits so long for further ones. */
const SHARED_COALESCING_MS = 300;
const MAX_BATCH_VIEWS = 500;
/** Places in a batch for shared changes, so that they are never left out if many views change on their own. */
const MIN_SHARED_VIEWS = 20;
const RETRY_FIRST_MS = 250;
const RETRY_LAST_MS = 5_000;

/** May resolve later, if something else has to be delivered before the view. */
export type ShowView = (connection: Connection, reading: ViewReading) => void | Promise<void>;

type Changes = Map<Connection, ViewChange>;
type Answers = (() => void)[];

/**
 * Keeps the views of one role up to date. Batches are read one after another, never two at a time, so that a later
 * `rev` was read later. For who sent a command, `refreshFirst` begins the next batch without the coalescing delay. A
 * connection waits in one of four places:
 *
 * - `due`: its own view changed. It is in the next batch.
 * - `coalescing`: something changed that many views share. It becomes `shared` within 300 ms.
 * - `shared`: it is read after those that are due.
 * - `sending`: its last snapshot has not left this process. It becomes due when it has.
 */
export class SnapshotFeed {
  readonly #due: Changes = new Map();
  readonly #coalescing: Changes = new Map();
  readonly #shared: Changes = new Map();
  readonly #sending: Changes = new Map();
  /** Connections that sent a command, with the functions that tell when their view was shown. */
  readonly #first = new Map<Connection, Answers>();
  /** Notices since the current batch began to be read. */
  readonly #noticed = new Set<Topic>();
  #coalescingTimer: NodeJS.Timeout | null = null;
  #retryTimer: NodeJS.Timeout | null = null;
  #retryMs = RETRY_FIRST_MS;
  #endPause: (() => void) | null = null;
  #reading = false;
  #stopped = false;

  constructor(
    private readonly read: ReadViews,
    private readonly show: ShowView,
    private readonly logger: Logger,
    /** Shared views that one batch reads whole, so that a view that changed on its own waits for no more. */
    private readonly maxSharedWhole = MAX_BATCH_VIEWS,
  ) {}

  /** The connection's own view changed. */
  refresh(connection: Connection): void {
    if (this.#stopped) return;
    add(this.#due, connection, 'own');
    void this.#pump();
  }

  /** The connection's own command changed its view. Resolves when the view was shown, or could not be read. */
  refreshFirst(connection: Connection): Promise<void> {
    // While the database is away, results do not wait for it.
    if (this.#stopped || this.#retryTimer || connection.ended) {
      this.refresh(connection);
      return Promise.resolve();
    }
    const shown = new Promise<void>((resolve) => {
      const answers = this.#first.get(connection) ?? [];
      this.#first.set(connection, [...answers, resolve]);
    });
    this.refresh(connection);
    this.#endPause?.();
    return shown;
  }

  /** Something changed that many views share. */
  refreshShared(connection: Connection, change: ViewChange): void {
    if (this.#stopped) return;
    add(this.#coalescing, connection, change);
    this.#coalescingTimer ??= setTimeout(() => {
      this.#coalescingTimer = null;
      for (const [waiting, what] of this.#coalescing) add(this.#shared, waiting, what);
      this.#coalescing.clear();
      void this.#pump();
    }, SHARED_COALESCING_MS);
  }

  /** On which topics the views of the current batch depend is known only when they have been read. */
  hear(topics: ReadonlySet<Topic>): void {
    if (this.#reading) for (const topic of topics) this.#noticed.add(topic);
  }

  /** Whether this notice came while the batch that is shown was being read: it may have been read before. */
  heard(topic: Topic): boolean {
    return this.#noticed.has(topic);
  }

  forget(connection: Connection): void {
    for (const changes of this.#all()) changes.delete(connection);
    for (const answers of this.#takeWaiting([connection]).values()) answerAll(answers);
  }

  stop(): void {
    this.#stopped = true;
    if (this.#coalescingTimer) clearTimeout(this.#coalescingTimer);
    if (this.#retryTimer) clearTimeout(this.#retryTimer);
    for (const changes of this.#all()) changes.clear();
    for (const answers of this.#takeWaiting([...this.#first.keys()]).values()) answerAll(answers);
  }

  #all(): Changes[] {
    return [this.#due, this.#coalescing, this.#shared, this.#sending];
  }

  async #pump(): Promise<void> {
    if (this.#reading || this.#retryTimer) return;
    this.#reading = true;
    // Changes of the same turn share the batch.
    await new Promise((resolve) => setImmediate(resolve));
    for (let batch = this.#take(); batch.size > 0; batch = await this.#takeNext()) {
      this.#noticed.clear();
      // A command that comes from now on is not in what this batch reads.
      const waiting = this.#takeWaiting(batch.keys());
      try {
        const readings = await this.read(batch);
        this.#retryMs = RETRY_FIRST_MS;
        for (const [connection, reading] of readings) {
          if (connection.ended) continue;
          const shown = this.show(connection, reading);
          const answers = waiting.get(connection);
          if (!shown || !answers) continue;
          waiting.delete(connection);
          void shown.then(() => answerAll(answers));
        }
      } catch (error) {
        this.#retry(batch, error);
      }
      // Those who were not shown, because they are gone or the database is away, wait no longer either.
      for (const answers of waiting.values()) answerAll(answers);
      if (this.#retryTimer) break;
    }
    this.#reading = false;
    // A change may have come between the last look and this moment.
    if (this.#due.size + this.#shared.size > 0) void this.#pump();
  }

  #takeWaiting(connections: Iterable<Connection>): Map<Connection, Answers> {
    const taken = new Map<Connection, Answers>();
    for (const connection of connections) {
      const answers = this.#first.get(connection);
      if (answers) taken.set(connection, answers);
      this.#first.delete(connection);
    }
    return taken;
  }

  async #takeNext(): Promise<Changes> {
    if (this.#due.size + this.#shared.size > 0 && this.#urgent().length === 0) {
      await new Promise<void>((resolve) => {
        this.#endPause = resolve;
        setTimeout(resolve, COALESCING_MS);
      });
      this.#endPause = null;
    }
    return this.#take();
  }

  /** Those that are due and sent a command. */
  #urgent(): Connection[] {
    return [...this.#first.keys()].filter((connection) => this.#due.has(connection));
  }

  #take(): Changes {
    const batch: Changes = new Map();
    const maxDue = MAX_BATCH_VIEWS - Math.min(this.#shared.size, MIN_SHARED_VIEWS);
    for (const connection of this.#due.keys()) {
      if (batch.size >= maxDue) break;
      this.#takeOne(connection, batch);
    }
    let whole = 0;
    for (const [connection, change] of this.#shared) {
      if (batch.size >= MAX_BATCH_VIEWS) break;
      if (change === 'queue' || (whole += 1) <= this.maxSharedWhole) {
        this.#takeOne(connection, batch);
      }
    }
    return batch;
  }

  /** Takes all changes of the connection. A queue that is coalescing is left for the one reading that serves all. */
  #takeOne(connection: Connection, batch: Changes): void {
    const from = [this.#due, this.#shared, this.#sending];
    if (this.#coalescing.get(connection) !== 'queue') from.push(this.#coalescing);
    const taken: Changes = new Map();
    for (const changes of from) {
      const change = changes.get(connection);
      if (change) add(taken, connection, change);
      changes.delete(connection);
    }
    if (connection.ended) return;
    const ready = connection.snapshots.isReady(() => this.#sent(connection));
    for (const [, change] of taken) add(ready ? batch : this.#sending, connection, change);
  }

  #sent(connection: Connection): void {
    const change = this.#sending.get(connection);
    if (!change) return;
    this.#sending.delete(connection);
    add(this.#due, connection, change);
    void this.#pump();
  }

  /** The database is away or busy: everybody in the batch is read when it answers again. */
  #retry(batch: Changes, error: unknown): void {
    if (this.#stopped) return;
    this.logger.warn({ err: error, retryMs: this.#retryMs }, 'views could not be read');
    for (const [connection, change] of batch) add(this.#due, connection, change);
    for (const answers of this.#takeWaiting([...this.#first.keys()]).values()) answerAll(answers);
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = null;
      void this.#pump();
    }, this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, RETRY_LAST_MS);
  }
}

function add(changes: Changes, connection: Connection, change: ViewChange): void {
  const before = changes.get(connection) ?? change;
  changes.set(connection, before === change ? change : 'both');
}

function answerAll(answers: Answers): void {
  for (const answer of answers) answer();
}
