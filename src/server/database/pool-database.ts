import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Database, Queryable, QueryResult } from './database.ts';
import { Gathering } from './gathering.ts';
import { statementName } from './statement-names.ts';
import type { NoticeWake } from './wake.ts';

/** Serialization failure and deadlock: the database has undone all of it and asks to try again. */
const TRY_AGAIN = new Set(['40001', '40P01']);
const TRIES = 6;

/** A `Database` over a pool of the `pg` driver, whichever database is behind it. */
export class PoolDatabase implements Database {
  readonly #gathering = new Gathering((text, values) => this.query(text, values));
  #closing: Promise<void> | null = null;

  constructor(
    private readonly pool: pg.Pool,
    readonly wake: NoticeWake,
    readonly embedded: boolean,
    private readonly letGo: () => Promise<void>,
  ) {}

  /** One statement is a transaction of its own, so it too is tried again where the database asks for it. */
  query<R extends object>(text: string, values?: readonly unknown[]): Promise<QueryResult<R>> {
    return tryAgain(() => this.#borrow((client) => run<R>(client, text, values)));
  }

  async gather<R extends object>(
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
      await client.query('begin');
      try {
        const result = await work({ query: (text, values) => run(client, text, values) });
        await client.query('commit');
        return result;
      } catch (error) {
        // Where even this fails the connection is thrown away, and the database rolls back by itself.
        await client.query('rollback').catch(giveUp);
        throw error;
      }
    });
  }

  /**
   * Not `pool.query`: that throws a connection away after every error, a refused row's too. Only one
   * whose error is not the database's own word (no SQLSTATE) is not used again.
   */
  async #borrow<T>(use: (client: pg.PoolClient, giveUp: () => void) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken = false;
    const breakOff = (): void => void (broken = !this.embedded);
    // The pool hears of a connection's end only while it is idle. Whoever uses it hears by their next
    // statement; but an error that nobody listens for would end the process.
    client.on('error', breakOff);
    try {
      return await use(client, breakOff);
    } catch (error) {
      broken ||= !this.embedded && !isSqlState((error as { code?: unknown }).code);
      throw error;
    } finally {
      client.off('error', breakOff);
      client.release(broken);
    }
  }
}

/** Told from Node's EPIPE and the like: no class of SQLSTATE begins with an E. */
function isSqlState(code: unknown): boolean {
  return typeof code === 'string' && /^[0-9FHPX][0-9A-Z]{4}$/.test(code);
}

async function run<R extends object>(
  on: pg.PoolClient,
  text: string,
  values?: readonly unknown[],
): Promise<QueryResult<R>> {
  const name = values && statementName(text);
  const result = await on.query<R & pg.QueryResultRow>(
    name ? { name, text, values: [...values] } : { text, values: [...(values ?? [])] },
  );
  return { rows: result.rows, rowCount: result.rowCount ?? 0 };
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
