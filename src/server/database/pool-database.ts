import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { DatabaseUnavailable, unavailability } from './database-unavailable.ts';
import type { Database, Queryable, QueryResult } from './database.ts';
import { Batcher } from './batcher.ts';
import { statementName } from './statement-names.ts';
import type { NoticeWake } from './wake.ts';

/** Serialization failure and deadlock: the database has undone all of it and asks to try again. */
const TRY_AGAIN = new Set(['40001', '40P01']);
const TRIES = 6;
/** A database that restarts is waited for, for so long: nothing was asked yet. In ms. */
const PATIENCE = 3_000;

/** Gathered statements at a time where there is more than one connection: one that waits for a lock holds no other up. */
const SIDE_BY_SIDE = 2;

/** A `Database` over a pool of the `pg` driver, whichever database is behind it. */
export class PoolDatabase implements Database {
  readonly #gathering: Batcher;
  #closing: Promise<void> | null = null;

  constructor(
    private readonly pool: pg.Pool,
    readonly wake: NoticeWake,
    readonly embedded: boolean,
    private readonly letGo: () => Promise<void>,
  ) {
    const atOnce = embedded ? 1 : SIDE_BY_SIDE;
    this.#gathering = new Batcher((text, values) => this.query(text, values), atOnce);
  }

  /** One statement is a transaction of its own, so it too is tried again where the database asks for it. */
  query<R extends object>(text: string, values?: readonly unknown[]): Promise<QueryResult<R>> {
    return tryAgain(() => this.#borrow((client) => runOn<R>(client, text, values)));
  }

  async batch<R extends object>(
    text: string,
    key: string,
    values: readonly unknown[],
  ): Promise<R | undefined> {
    return (await this.#gathering.ask(text, key, values)) as R | undefined;
  }

  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return tryAgain(() => this.#transactOnce(work));
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      await this.wake.close();
      await this.pool.end();
      await this.letGo();
    })();
    return this.#closing;
  }

  #transactOnce<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.#borrow(async (client, giveUp) => {
      await runOn(client, 'begin');
      try {
        const result = await work(overClient(client));
        await runOn(client, 'commit');
        return result;
      } catch (error) {
        // Where even this fails the connection is thrown away, and the database rolls back by itself.
        await client.query('rollback').catch(giveUp);
        throw error;
      }
    });
  }

  /** Not `pool.query`: that throws a connection away after every error, a refused row's too. */
  async #borrow<T>(use: (client: pg.PoolClient, giveUp: () => void) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    let broken = false;
    const breakOff = (): void => void (broken = !this.embedded);
    // The pool hears of a connection's end only while it is idle. Whoever uses it hears by their next
    // statement; but an error that nobody listens for would end the process.
    client.on('error', breakOff);
    try {
      return await use(client, breakOff);
    } catch (error) {
      if (error instanceof DatabaseUnavailable && error.reason === 'away') breakOff();
      throw error;
    } finally {
      client.off('error', breakOff);
      client.release(broken);
    }
  }

  async #connect(): Promise<pg.PoolClient> {
    const deadline = performance.now() + PATIENCE;
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.pool.connect();
      } catch (error) {
        // Waited in vain for one of those that others use.
        const full = !this.pool.ending && this.pool.totalCount >= this.pool.options.max;
        const trouble = full ? new DatabaseUnavailable('busy', error) : unavailability(error);
        const pause = Math.random() * 20 * 2 ** Math.min(tries, 5);
        const hopeless = full || this.pool.ending || performance.now() + pause > deadline;
        if (!trouble || hopeless) throw trouble ?? error;
        await delay(pause);
      }
    }
  }
}

/** One connection alone, inside a transaction or not. Rejects with DatabaseUnavailable, or with the database's own word. */
export function overClient(client: pg.ClientBase): Queryable {
  return { query: (text, values) => runOn(client, text, values) };
}

async function runOn<R extends object>(
  on: pg.ClientBase,
  text: string,
  values?: readonly unknown[],
): Promise<QueryResult<R>> {
  const name = values && statementName(text);
  try {
    const result = await on.query<R & pg.QueryResultRow>(
      name ? { name, text, values: [...values] } : { text, values: [...(values ?? [])] },
    );
    return { rows: result.rows, rowCount: result.rowCount ?? 0 };
  } catch (error) {
    throw unavailability(error) ?? error;
  }
}

async function tryAgain<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const { code } = error as { code?: string };
      if (!code || !TRY_AGAIN.has(code) || tries === TRIES) throw error;
      await delay(Math.random() * 10 * 2 ** tries);
    }
  }
}
