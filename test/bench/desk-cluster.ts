import pg from 'pg';
import type { Queryable } from '../../src/server/database/database.ts';
import { overClient } from '../../src/server/database/pool-database.ts';
import { ONE_ADDRESS } from '../support/desk-node.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { makeSite, type TestSite } from '../support/signaling-server.ts';
import { Child, type Jobs } from './child.ts';
import type { DeskNodeJobs } from './desk-node.ts';

/** One PostgreSQL, nodes of the desk on it, and the other child processes of a benchmark. */
export class DeskCluster {
  readonly nodes: Child<DeskNodeJobs>[] = [];
  readonly urls: string[] = [];
  readonly #children: Child<Jobs>[] = [];

  /** A plain connection. A `Database` of its own would count as a node, and one node would send it its notices. */
  readonly database: Queryable;

  private constructor(
    readonly databaseUrl: string,
    private readonly client: pg.Client,
    private readonly stopPostgres: () => Promise<void>,
  ) {
    this.database = overClient(client);
  }

  static async start(nodes: number): Promise<DeskCluster> {
    const postgres = await startPostgres();
    const databaseUrl = `${postgres.address}postgres`;
    const client = new pg.Client({ connectionString: databaseUrl });
    const cluster = new DeskCluster(databaseUrl, client, () => postgres.stop());
    try {
      await client.connect();
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

  /** A further child process. It ends with the cluster. */
  child<J extends Jobs>(file: string, environment: NodeJS.ProcessEnv = {}): Child<J> {
    const child = new Child<J>(file, environment);
    this.#children.push(child as unknown as Child<Jobs>);
    return child;
  }

  /** A site without wrap-up, so that its agents are free again at once. */
  async site(agents: number): Promise<TestSite> {
    const site = await makeSite(this.database, agents);
    await this.database.query('update skill_groups set wrap_up_seconds = 0');
    return site;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.kill()));
    await this.client.end();
    await this.stopPostgres();
  }
}
