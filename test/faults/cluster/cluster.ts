import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { ONE_ADDRESS } from '../../support/desk-node.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres-server.ts';
import { NodeProcess } from './node-process.ts';

const NODES = ['north', 'east', 'south'];
const run = promisify(execFile);

/** Three nodes and their PostgreSQL, each of which can be taken away and brought back. */
export class Cluster {
  databaseIsUp = true;
  #disposing: Promise<void> | null = null;

  private constructor(
    readonly nodes: readonly NodeProcess[],
    /** For the checker and for whoever makes a site; the nodes have their own connections. */
    readonly pool: pg.Pool,
    private readonly postgres: PostgresServer,
    private readonly scratch: string,
  ) {
  }

  /** All nodes start in one moment on the empty database: its migrations have to bear that. */
  static async start(): Promise<Cluster> {
    // What is built already, and of these sources, is left as it is.
    await run(process.execPath, ['.config/build.mjs', '--stale', 'server']);
    const postgres = await startPostgres();
    const scratch = mkdtempSync(join(tmpdir(), 'rtc-desk-faults-'));
    const databaseUrl = `${postgres.address}postgres`;
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
    // The database is taken away again and again: whoever asks hears of it.
    pool.on('error', () => undefined);
    const environment = {
      DATABASE_URL: databaseUrl,
      DATA_DIR: scratch,
      RTC_DESK_SECRET: randomBytes(32).toString('hex'),
      ...ONE_ADDRESS,
      LOG_LEVEL: 'warn',
    };
    const nodes = await Promise.all(NODES.map((name) => NodeProcess.make(name, environment)));
    const cluster = new Cluster(nodes, pool, postgres, scratch);
    try {
      await Promise.all(nodes.map((node) => node.start()));
    } catch (error) {
      await cluster.dispose();
      throw error;
    }
    return cluster;
  }

  async takeDatabaseAway(how: 'stop' | 'crash'): Promise<void> {
    if (!this.databaseIsUp) return;
    this.databaseIsUp = false;
    await this.postgres.down(how);
  }

  async bringDatabaseBack(): Promise<void> {
    if (this.databaseIsUp) return;
    await this.postgres.up();
    this.databaseIsUp = true;
  }

  /** Brings back everything that is away; resolves when every node serves. */
  async heal(): Promise<void> {
    await this.bringDatabaseBack();
    for (const node of this.nodes) if (node.stopped) node.thaw();
    await Promise.all(this.nodes.map((node) => bringBack(node)));
  }

  /** Ends everything and removes what it wrote. Idempotent. */
  dispose(): Promise<void> {
    this.#disposing ??= this.#dispose();
    return this.#disposing;
  }

  async #dispose(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.end('SIGKILL')));
    await this.pool.end();
    await this.postgres.stop();
    rmSync(this.scratch, { recursive: true, force: true });
  }
}

/** A node that cannot start ends, as where the database does not let it in for 10 s; its keeper starts it again. */
const STARTS = 5;

async function bringBack(node: NodeProcess): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await (node.running ? node.ready() : node.start());
    } catch (error) {
      if (tries === STARTS) throw error;
    }
  }
}
