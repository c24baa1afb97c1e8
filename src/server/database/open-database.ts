import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import pg from 'pg';
import { pino, type Logger } from 'pino';
import { lockDataDirectory } from './data-directory-lock.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { PoolConnections } from './pool-connections.ts';
import { overClient, PoolDatabase } from './pool-database.ts';
import { PostgresChannel } from './postgres-channel.ts';
import { NoticeWake } from './wake.ts';

export interface OpenDatabaseOptions {
  /** A postgres:// address. Without it: PGlite in `dataDir`. */
  readonly databaseUrl?: string | undefined;
  /** PGlite's files are in `postgres` below it; `memory://` keeps nothing, for tests. */
  readonly dataDir: string;
  readonly nodeId: string;
  /**
   * Somebody took the lock of `dataDir` away: what is there may be another process's, and nothing may be written
   * to it any more. Default: the database is closed, and every statement fails from then on.
   */
  readonly onLockLost?: (() => void) | undefined;
  readonly logger?: Pick<Logger, 'info' | 'warn' | 'error' | 'fatal'> | undefined;
  /** Connections to PostgreSQL besides the listening one. */
  readonly connections?: number;
  /** How long to wait for one of them, in ms. */
  readonly connectTimeout?: number;
}

/** Longer than any statement of ours takes; a hanging one must not hold a connection for ever. In ms. */
const STATEMENT_TIMEOUT = 10_000;
/** Rows are held for milliseconds. Longer than the second after which PostgreSQL looks for a deadlock. In ms. */
const LOCK_TIMEOUT = 3_000;
/** The driver's own limit, for a server that was cut off and says nothing. */
const ANSWER_TIMEOUT = 12_000;
/** For a new connection, and for one of the pool to become free. */
const CONNECT_TIMEOUT = 5_000;

/**
 * One plan for every value: what a statement's values are changes nothing about how its rows are found, and
 * left to itself the planner plans anew each time where arrays are short. And a plan of few rows by their keys,
 * which is what every statement of the desk asks for: over tables that were nearly empty when it looked, the
 * planner would read them whole, and keep to that while they grow. Measured at 16 clients: a fifth of
 * what PostgreSQL works for a call's whole life.
 */
const PLANS = [
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_bitmapscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'jit=off',
];

/**
 * Opens and migrates the database. Rejects with the driver's error, with DataDirectoryLocked, or where
 * a newer server has been at it; then nothing stays open.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const logger = options.logger ?? pino({ level: 'silent' });
  const { databaseUrl } = options;
  const database = databaseUrl
    ? openPostgres(databaseUrl, options, logger)
    : await openEmbedded(options, logger);
  try {
    if (databaseUrl) await migratePostgres(databaseUrl);
    else await database.transaction(migrate);
    await database.wake.open();
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

function openPostgres(
  url: string,
  { nodeId, connections = 10, connectTimeout = CONNECT_TIMEOUT }: OpenDatabaseOptions,
  logger: Pick<Logger, 'info' | 'warn' | 'error'>,
): PoolDatabase {
  const config: pg.PoolConfig = {
    connectionString: url,
    application_name: 'rtc-desk',
    connectionTimeoutMillis: connectTimeout,
    keepAlive: true,
  };
  const pool = new pg.Pool({
    ...config,
    max: connections,
    statement_timeout: STATEMENT_TIMEOUT,
    lock_timeout: LOCK_TIMEOUT,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT,
    query_timeout: ANSWER_TIMEOUT,
    options: PLANS.map((setting) => `-c ${setting}`).join(' '),
  });
  pool.on('error', (error) => logger.warn({ err: error }, 'an idle database connection broke'));
  const standing = new PoolConnections(pool);
  const channel = new PostgresChannel(nodeId, config, pool, logger, () => standing.cut());
  const wake = new NoticeWake(nodeId, channel, logger);
  return new PoolDatabase(pool, wake, false, () => Promise.resolve());
}

/** On a connection without any limit: an index on years of calls takes as long as it takes. */
async function migratePostgres(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, application_name: 'rtc-desk' });
  // What breaks it is told by the statement that runs.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('begin');
    await migrate(overClient(client));
    await client.query('commit');
  } finally {
    await client.end();
  }
}

async function openEmbedded(
  { dataDir, nodeId, onLockLost }: OpenDatabaseOptions,
  logger: Pick<Logger, 'info' | 'warn' | 'error' | 'fatal'>,
): Promise<PoolDatabase> {
  const inMemory = dataDir === 'memory://';
  const lock = inMemory
    ? null
    : await lockDataDirectory(dataDir, () => {
        logger.fatal({ dataDir }, 'the lock of the data directory was taken away');
        if (onLockLost) onLockLost();
        else void database.close();
      });
  const pglite = new PGlite(inMemory ? dataDir : join(dataDir, 'postgres'));
  await pglite.exec(PLANS.map((setting) => `set ${setting};`).join(''));
  // One connection, kept: what it has prepared stays prepared.
  const pool = new pg.Pool({ ...embeddedConfig(pglite), max: 1, idleTimeoutMillis: 0 });
  pool.on('error', (error) => logger.error({ err: error }, 'the embedded database broke'));
  // There is no other node on an embedded database, so notices need no way through it.
  const database = new PoolDatabase(pool, new NoticeWake(nodeId, null, logger), true, async () => {
    try {
      await pglite.close();
    } finally {
      await lock?.release();
    }
  });
  return database;
}

/** The adapter stands in for the driver's own connection; its declaration does not say so. */
function embeddedConfig(pglite: PGlite): pg.PoolConfig {
  return createPgConfig(pglite) as unknown as pg.PoolConfig;
}
