import { randomUUID } from 'node:crypto';
import type { Database } from '../../src/server/database/database.ts';
import { openDatabase } from '../../src/server/database/open-database.ts';
import { ONE_ADDRESS } from '../support/desk-node.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { makeSite, type TestSite } from '../support/signaling-server.ts';
import { Child, type Jobs } from './child.ts';
import type { DeskNodeJobs } from './desk-node.ts';

/** One PostgreSQL, server processes of ours upon it, and whatever else a benchmark runs beside them. */
export class DeskCluster {
  readonly nodes: Child<DeskNodeJobs>[] = [];
  readonly urls: string[] = [];
  readonly #children: Child<Jobs>[] = [];

  private constructor(
    readonly databaseUrl: string,
    readonly database: Database,
    private readonly stopPostgres: () => Promise<void>,
  ) {}

  static async start(nodes: number): Promise<DeskCluster> {
    const postgres = await startPostgres();
    const databaseUrl = `${postgres.address}postgres`;
    const nodeId = randomUUID();
    const database = await openDatabase({ databaseUrl, dataDir: '', nodeId, connections: 4 });
    const cluster = new DeskCluster(databaseUrl, database, () => postgres.stop());
    try {
      for (let i = 0; i < nodes; i += 1) await cluster.addNode();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  async addNode(): Promise<void> {
    const node = this.child<DeskNodeJobs>('./desk-node.ts', {
      PORT: '0',
      DATABASE_URL: this.databaseUrl,
      RTC_DESK_SECRET: 'the-key-of-all-nodes-of-this-benchmark',
      LOG_LEVEL: 'error',
      ...ONE_ADDRESS,
    });
    this.urls.push(await node.ask('start'));
    this.nodes.push(node);
  }

  /** A further process, which goes away with the cluster. */
  child<J extends Jobs>(file: string, environment: NodeJS.ProcessEnv = {}): Child<J> {
    const child = new Child<J>(file, environment);
    this.#children.push(child as unknown as Child<Jobs>);
    return child;
  }

  /** A site whose agents need no wrap-up, so that they are never what runs short. */
  async site(agents: number): Promise<TestSite> {
    const site = await makeSite(this.database, agents);
    await this.database.query('update skill_groups set wrap_up_seconds = 0');
    return site;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.kill()));
    await this.database.close();
    await this.stopPostgres();
  }
}
