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

/** Three nodes and their PostgreSQL. Each can be stopped and started again. */
export class Cluster {
  databaseIsUp = true;
  #disposing: Promise<void> | null = null;

  private constructor(
    readonly nodes: readonly NodeProcess[],
    /** For making sites and reading tables. The nodes have their own connections. */
    readonly pool: pg.Pool,
    private readonly postgres: PostgresServer,
    private readonly scratch: string,
  ) {}

  /** All nodes start at once on the empty database: making the schema has to work then too. */
  static async start(): Promise<Cluster> {
    // Builds only what is older than its sources.
    await run(process.execPath, ['.config/build.mjs', '--stale', 'server']);
    const postgres = await startPostgres();
    const scratch = mkdtempSync(join(tmpdir(), 'rtc-desk-faults-'));
    const databaseUrl = `${postgres.address}postgres`;
    const pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
    // The database is stopped again and again. A query then rejects.
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

  async stopDatabase(how: 'stop' | 'crash'): Promise<void> {
    if (!this.databaseIsUp) return;
    this.databaseIsUp = false;
    await this.postgres.down(how);
  }

  async startDatabase(): Promise<void> {
    if (this.databaseIsUp) return;
    await this.postgres.up();
    this.databaseIsUp = true;
  }

  /** Starts everything that is stopped. Resolves when every node serves. */
  async repair(): Promise<void> {
    await this.startDatabase();
    for (const node of this.nodes) if (node.isFrozen) node.thaw();
    await Promise.all(this.nodes.map((node) => startAgain(node)));
  }

  /** Ends everything and removes the data. Idempotent. */
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

/** A node that cannot reach the database for 10 s ends. So a start may need further tries. */
const MAX_STARTS = 5;

async function startAgain(node: NodeProcess): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await (node.running ? node.ready() : node.start());
    } catch (error) {
      if (tries === MAX_STARTS) throw error;
    }
  }
}
