/** What the operations see of a database: PostgreSQL through `pg`, or PGlite through the same driver. */
export interface Queryable {
  /**
   * One statement with `$1` parameters. Rejects with DatabaseUnavailable, or with the driver's error, whose
   * `code` is the SQLSTATE.
   */
  query<R extends object>(text: string, values?: readonly unknown[]): Promise<QueryResult<R>>;
}

export interface QueryResult<R> {
  readonly rows: R[];
  /** Rows read or changed. */
  readonly rowCount: number;
}

export interface Database extends Queryable {
  /**
   * Runs `work` in one transaction on one connection: committed when it resolves, rolled back when it
   * rejects. A serialization failure or deadlock (40001, 40P01) is tried again, so `work` must have no
   * effect outside of the database.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /**
   * Answers one out of a statement that does the same for many, each with a `key` of their own. The
   * statement takes arrays (`$1` the keys, then one for each of `values`) and says in the column `key`
   * whose a row is; undefined where there is none. It has to be right for any number of them: no row's
   * answer may hang on which others went along. Rejects with the error that the row alone would have met.
   */
  batch<R extends object>(
    text: string,
    key: string,
    values: readonly unknown[],
  ): Promise<R | undefined>;
  /** Whether this process has the database for itself: then every other node's row is of a dead one. */
  readonly embedded: boolean;
  /** Wakes this node when something changed anywhere; see wake.ts. */
  readonly wake: Wake;
  /** Waits for what runs, then closes every connection and lets go of the data directory. */
  close(): Promise<void>;
}

/**
 * What changed, as precisely as the change knew it; `group` is the line of those who wait for it, `chat` a new
 * message in that room, `matching` that a call or an agent may have become free for the other. It is a hint:
 * what the tables say decides.
 */
export type Topic =
  | 'matching'
  | `call:${string}`
  | `agent:${string}`
  | `group:${string}`
  | `room:${number}`
  | `chat:${number}`;

/** Notices between nodes, coalesced (DESIGN 3). */
export interface Wake {
  /** Tells every node, this one among them, a few milliseconds later, in one NOTIFY for all that came together. */
  notify(...topics: readonly Topic[]): void;
  /**
   * `listener` gets the topics that came together, or 'everything' after the listening connection was
   * away. Returns the function that stops it.
   */
  listen(listener: (topics: ReadonlySet<Topic> | 'everything') => void): () => void;
  /**
   * Hands a message (a media signal, a typing mark) to one node, in order. May be lost. Throws a
   * RangeError over 128 KiB.
   */
  send(node: string, payload: string): void;
  receive(listener: (payload: string) => void): () => void;
}
