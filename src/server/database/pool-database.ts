import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { Batcher } from './batcher.ts';
import { DatabaseUnavailable, unavailability } from './database-unavailable.ts';
import type { Database, Queryable, QueryResult } from './database.ts';
import type { NoticeWake } from './wake.ts';

/** Serialization failure and deadlock: the database has rolled back and asks to try again. */
const RETRIED_SQLSTATES = new Set(['40001', '40P01']);
const MAX_ATTEMPTS = 6;
/** How long a statement waits for a database that restarts. Nothing was asked of it yet. */
const CONNECT_WAIT_MS = 3_000;

/** A `Database` over a pool of the `pg` driver, whichever database is behind it. */
export class PoolDatabase implements Database {
  readonly #batcher = new Batcher((text, values) => this.query(text, values));
  #closing: Promise<void> | null = null;

  /** `release` runs at the end of `close`. `dump` copies the files of an embedded database. */
  constructor(
    private readonly pool: pg.Pool,
    readonly wake: NoticeWake,
    readonly embedded: boolean,
    private readonly release: () => Promise<void>,
    private readonly dump: (() => Promise<Blob>) | null = null,
  ) {}

  /** A single statement is a transaction too, so it is retried like one. */
  query<R extends object>(text: string, values?: readonly unknown[]): Promise<QueryResult<R>> {
    return retry(() => this.#withClient((client) => runOn<R>(client, text, values)));
  }

  async batch<R extends object>(
    text: string,
    key: string,
    values: readonly unknown[],
  ): Promise<R | undefined> {
    return (await this.#batcher.run(text, key, values)) as R | undefined;
  }

  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return retry(() => this.#transactOnce(work));
  }

  async dumpFiles(): Promise<Blob | null> {
    const { dump } = this;
    if (!dump) return null;
    // PGlite has one connection. While it is held here, no transaction runs.
    return this.#withClient(async (client) => {
      // After a checkpoint, a restored database has little to recover at its first start.
      await runOn(client, 'checkpoint');
      return dump();
    });
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.wake.close();
      await this.pool.end();
      await this.release();
    })();
    return this.#closing;
  }

  #transactOnce<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.#withClient(async (client, discard) => {
      await runOn(client, 'begin');
      try {
        const result = await work(overClient(client));
        await runOn(client, 'commit');
        return result;
      } catch (error) {
        // If the rollback fails too, the connection is discarded and the database rolls back by itself.
        await client.query('rollback').catch(discard);
        throw error;
      }
    });
  }

  /** Not `pool.query`: that discards a connection after every error, also after a refused row. */
  async #withClient<T>(
    use: (client: pg.PoolClient, discard: () => void) => Promise<T>,
  ): Promise<T> {
    const client = await this.#connect();
    let broken = false;
    const discard = (): void => void (broken = !this.embedded);
    // The pool listens for a connection's errors only while it is idle. An error without a listener ends the process.
    client.on('error', discard);
    try {
      return await use(client, discard);
    } catch (error) {
      if (error instanceof DatabaseUnavailable && error.reason === 'away') discard();
      throw error;
    } finally {
      client.off('error', discard);
      client.release(broken);
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    const deadline = performance.now() + CONNECT_WAIT_MS;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.pool.connect();
      } catch (error) {
        // With every connection in use, the error says that the wait for a free one was too long.
        const full = !this.pool.ending && this.pool.totalCount >= this.pool.options.max;
        const trouble = full ? new DatabaseUnavailable('busy', error) : unavailability(error);
        const pause = Math.random() * 20 * 2 ** Math.min(attempt, 5);
        const hopeless = full || this.pool.ending || performance.now() + pause > deadline;
        if (!trouble || hopeless) throw trouble ?? error;
        await delay(pause);
      }
    }
  }
}

/**
 * One connection alone, in a transaction or not. Rejects with DatabaseUnavailable, or with the driver's error about
 * the statement.
 */
export function overClient(client: pg.ClientBase): Queryable {
  return { query: (text, values) => runOn(client, text, values) };
}

async function runOn<R extends object>(
  client: pg.ClientBase,
  text: string,
  values?: readonly unknown[],
): Promise<QueryResult<R>> {
  try {
    const result = await client.query<R & pg.QueryResultRow>(
      values ? { name: statementName(text), text, values: [...values] } : text,
    );
    return { rows: result.rows, rowCount: result.rowCount ?? 0 };
  } catch (error) {
    throw unavailability(error) ?? error;
  }
}

/**
 * A statement with parameters is prepared under a name, so that each connection parses it once. All of them are
 * constants of this code, about a hundred, so that the memory of a connection stays bounded.
 * Measured at 16 clients on 2 cores: 289 whole calls a second, and 2.7 ms of PostgreSQL's processor time for each.
 * Without names: 231 calls and 3.7 ms.
 */
function statementName(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 20);
}

async function retry<T>(attempt: () => Promise<T>): Promise<T> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      const { code } = error as { code?: string };
      if (!code || !RETRIED_SQLSTATES.has(code) || attempts === MAX_ATTEMPTS) throw error;
      await delay(Math.random() * 10 * 2 ** attempts);
    }
  }
}
