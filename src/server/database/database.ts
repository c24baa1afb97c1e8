/** What the operations see of a database: PostgreSQL through `pg`, or PGlite through the same driver. */
export interface Queryable {
  /**
   * Runs one statement with `$1` parameters. Rejects with DatabaseUnavailable, or with the driver's error, whose
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
   * Runs one statement for a batch of callers, each with its own `key`, and resolves to the caller's own row
   * (undefined: the statement returned none). See batcher.ts.
   *
   * The statement takes arrays: `$1` the keys, then one for each of `values`. It returns the key of each row in the
   * column `key`. It must be right for any number of rows: no row's answer may depend on the other rows of the batch.
   * Rejects with the error that the row alone would have met.
   */
  batch<R extends object>(
    text: string,
    key: string,
    values: readonly unknown[],
  ): Promise<R | undefined>;
  /** Whether this process has the database for itself. Then the row of every other node is of a dead one. */
  readonly embedded: boolean;
  /**
   * The files of the embedded database at one moment, as a compressed tar archive. It is made in memory. Other
   * statements wait until it is done. Null if a PostgreSQL server has the database.
   */
  dumpFiles(): Promise<Blob | null>;
  /** Wakes this node when something changed on any node; see wake.ts. */
  readonly wake: Wake;
  /** Waits for running statements, then closes every connection and releases the data directory. */
  close(): Promise<void>;
}

/**
 * What changed. It is a hint: the tables decide.
 *
 * - `matching:<site>`: a call or an agent of the site may be free for the other
 * - `group:<site>/<group>`: the queue of the group
 * - `sessions:<agent>`: the agent was disabled, or sessions of the agent have ended
 * - `secret:<site>`: the secret of the site was replaced
 * - `chat:<room>`: a new message; `read:<room>`: a read mark that has grown; `drawing:<room>`: the drawing
 */
export type Topic =
  | `matching:${string}`
  | `call:${string}`
  | `agent:${string}`
  | `group:${string}`
  | `sessions:${string}`
  | `secret:${string}`
  | `room:${number}`
  | `chat:${number}`
  | `read:${number}`
  | `drawing:${number}`;

/** Notices between nodes, coalesced. */
export interface Wake {
  /** Tells this node at the end of this turn, and every other node a few milliseconds later in one NOTIFY. */
  notify(...topics: readonly Topic[]): void;
  /**
   * `listener` gets topics, or 'everything' when notices may have been missed. Returns the function that stops it.
   */
  listen(listener: (topics: ReadonlySet<Topic> | 'everything') => void): () => void;
  /**
   * Hands a message (a media signal, a typing mark) to one node, in order. It may be lost. Throws a
   * RangeError over 128 KiB.
   */
  send(node: string, payload: string): void;
  receive(listener: (payload: string) => void): () => void;
}
