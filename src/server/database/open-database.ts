import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import pg from 'pg';
import { pino, type Logger } from 'pino';
import { applySchema } from './apply-schema.ts';
import {
  damagedDatabase,
  hasDatabase,
  postgresFolder,
  secureDataDirectory,
} from './data-directory.ts';
import { lockDataDirectory } from './data-directory-lock.ts';
import type { Database } from './database.ts';
import { DURABLE_START_PARAMS, DurableNodeFS, syncTree } from './durable-node-fs.ts';
import { PoolConnections } from './pool-connections.ts';
import { PoolDatabase } from './pool-database.ts';
import { PostgresChannel } from './postgres-channel.ts';
import { NoticeWake } from './wake.ts';

export interface OpenDatabaseOptions {
  /** A postgres:// address. Unset: PGlite in `dataDir`. */
  readonly databaseUrl?: string | undefined;
  /** PGlite's files are in its folder `postgres`. `memory://` keeps nothing, for tests. */
  readonly dataDir: string;
  readonly nodeId: string;
  /**
   * Called when somebody took the lock of `dataDir` away. Another process may use the directory now, so nothing may
   * be written to it any more. Default: the database is closed, and every later statement fails.
   */
  readonly onLockLost?: (() => void) | undefined;
  readonly logger?: Pick<Logger, 'info' | 'warn' | 'error' | 'fatal'> | undefined;
  /** Connections to PostgreSQL besides the listening one. */
  readonly connections?: number;
  /** How long to wait for a free connection, in ms. */
  readonly connectTimeout?: number;
}

/** A statement that runs longer is stopped, so that it does not hold a connection for ever. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** Rows are locked for milliseconds. Longer than the second after which PostgreSQL looks for a deadlock. */
const LOCK_TIMEOUT_MS = 3_000;
/** The driver's own limit, for a server that was cut off and answers nothing. */
const ANSWER_TIMEOUT_MS = 12_000;
/** For a new connection, and for a connection of the pool to become free. */
const CONNECT_TIMEOUT_MS = 5_000;
/** SQLSTATEs of a damaged database: system errors, configuration files, internal errors and corrupted data. */
const DAMAGE = /^(58|F0|XX)/;
/** The default number of connections to PostgreSQL besides the listening one. */
const CONNECTIONS = 10;

/**
 * Opens the database, and applies the schema if it is empty. Rejects with the driver's error, with
 * DataDirectoryLocked, DataDirectoryError, or SchemaError. Then nothing stays open.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const logger = options.logger ?? pino({ level: 'silent' });
  const database = options.databaseUrl
    ? openPostgres(options.databaseUrl, options, logger)
    : await openEmbedded(options, logger);
  try {
    await database.transaction((tx) => applySchema(tx));
    await database.wake.open();
  } catch (error) {
    await database.close();
    const { code } = error as { code?: unknown };
    if (database.embedded && typeof code === 'string' && DAMAGE.test(code)) {
      throw damagedDatabase(options.dataDir, error);
    }
    throw error;
  }
  return database;
}

function openPostgres(
  url: string,
  { nodeId, connections = CONNECTIONS, connectTimeout = CONNECT_TIMEOUT_MS }: OpenDatabaseOptions,
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
    // Each statement is planned once for a connection, not for each run: planning a request takes 5 ms, longer than the
    // run. Measured at 50 calls/s on 2 cores: request → offer p50 64 ms instead of 127, at 100 calls/s 247 instead of
    // 929.
    options: '-c plan_cache_mode=force_generic_plan',
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
  });
  pool.on('error', (error) => logger.warn({ err: error }, 'an idle database connection broke'));
  const poolConnections = new PoolConnections(pool);
  const channel = new PostgresChannel(nodeId, config, pool, logger, () => poolConnections.cut());
  const wake = new NoticeWake(nodeId, channel, logger);
  return new PoolDatabase(pool, wake, false, () => Promise.resolve());
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
  const pglite = await openPglite(dataDir).catch(async (error: unknown) => {
    await lock?.release();
    throw error;
  });
  // PGlite has one connection. It never idles out, so what it has prepared stays prepared.
  const pool = new pg.Pool({ ...embeddedConfig(pglite), max: 1, idleTimeoutMillis: 0 });
  pool.on('error', (error) => logger.error({ err: error }, 'the embedded database broke'));
  // An embedded database has one node, so notices need no channel.
  const release = async (): Promise<void> => {
    try {
      await pglite.close();
    } finally {
      await lock?.release();
    }
  };
  const dump = (): Promise<Blob> => pglite.dumpDataDir('gzip');
  const wake = new NoticeWake(nodeId, null, logger);
  const database = new PoolDatabase(pool, wake, true, release, dump);
  return database;
}

async function openPglite(dataDir: string): Promise<PGlite> {
  if (dataDir === 'memory://') return PGlite.create(dataDir);
  await secureDataDirectory(dataDir);
  const isNew = !(await hasDatabase(dataDir));
  const folder = postgresFolder(dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const fs = new DurableNodeFS(folder);
  try {
    const pglite = await PGlite.create({ fs, startParams: DURABLE_START_PARAMS });
    if (isNew) syncTree(folder);
    return pglite;
  } catch (error) {
    throw isNew ? error : damagedDatabase(dataDir, error);
  }
}

/** The adapter replaces the driver's connection. Its declaration does not say so, hence the cast. */
function embeddedConfig(pglite: PGlite): pg.PoolConfig {
  return createPgConfig(pglite) as unknown as pg.PoolConfig;
}
