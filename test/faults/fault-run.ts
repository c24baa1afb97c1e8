import { setTimeout as delay } from 'node:timers/promises';
import type { Queryable } from '../../src/server/database/database.ts';
import { makeSite, type TestSite } from '../support/signaling-server.ts';
import { waitUntil } from '../support/wait-until.ts';
import { checkHistory } from './checker/check-history.ts';
import type { Breach, History } from './checker/history.ts';
import { Agent } from './clients/agent.ts';
import { Visitor } from './clients/visitor.ts';
import type { Cluster } from './cluster/cluster.ts';
import { OFFER_SECONDS, readFinalRecord, readSample } from './final-record.ts';
import { Recorder } from './recorder.ts';

export const AGENTS = 3;
export const SKILLS = ['pre-sales', 'after-sales'] as const;

/** How often the tables are sampled. */
const SAMPLE_INTERVAL_MS = 150;
/** Far longer than all calls need to end if nothing is broken. */
const FINISH_TIMEOUT_MS = 120_000;

/** One run on the cluster: a new site, its visitors and agents, and the history of what they see. */
export class FaultRun {
  readonly recorder = new Recorder();
  readonly agents: readonly Agent[];
  readonly visitors: Visitor[] = [];
  readonly #names: ReadonlyMap<string, string>;
  readonly #crashesBefore: number;
  readonly #sampling: Promise<void>;
  readonly #background = new Set<Promise<void>>();
  #stopped = false;

  private constructor(
    readonly cluster: Cluster,
    private readonly site: TestSite,
  ) {
    this.agents = site.agents.map(
      (account, index) => new Agent(`agent ${index}`, account, cluster.nodes, this.recorder),
    );
    this.#names = new Map(site.agents.map(({ id }, index) => [id, `agent ${index}`]));
    this.#crashesBefore = this.#countCrashes();
    this.#sampling = this.#keepSampling();
  }

  static async start(
    cluster: Cluster,
    { agents = AGENTS, wrapUpSeconds = 1 }: { agents?: number; wrapUpSeconds?: number } = {},
  ): Promise<FaultRun> {
    const db: Queryable = {
      query: async (text, values) => {
        const { rows, rowCount } = await cluster.pool.query(text, [...(values ?? [])]);
        return { rows, rowCount: rowCount ?? 0 };
      },
    };
    const site = await makeSite(db, agents);
    await db.query(
      'update skill_groups set offer_seconds = $2, wrap_up_seconds = $3 where site_id = $1',
      [site.id, OFFER_SECONDS, wrapUpSeconds],
    );
    // The last agent is in one group only.
    await db.query(`delete from memberships where agent_id = $1 and group_id = 'after-sales'`, [
      site.agents.at(-1)?.id,
    ]);
    return new FaultRun(cluster, site);
  }

  /** A new visitor, who connects to this node. */
  addVisitor(skill: (typeof SKILLS)[number], node: number): Visitor {
    const name = `visitor ${this.visitors.length}`;
    const visitor = new Visitor(name, this.site.id, skill, this.cluster.nodes, this.recorder);
    this.visitors.push(visitor);
    visitor.connect(node);
    return visitor;
  }

  recordFault(what: string): void {
    this.recorder.add({ kind: 'fault', what });
  }

  /** Lets a node do something while the steps go on. `repair` tries a failed start again. */
  inBackground(work: Promise<void>): void {
    this.#background.add(work);
    void work.catch(() => undefined).finally(() => this.#background.delete(work));
  }

  /** Ends all faults. Resolves when every node serves. */
  async repair(): Promise<void> {
    // Recorded before the nodes are repaired: from now on the nodes notice who has gone meanwhile.
    if (!this.cluster.databaseIsUp) this.recordFault('database-returns');
    await this.cluster.startDatabase();
    await Promise.allSettled(this.#background);
    await this.cluster.repair();
    this.recorder.add({ kind: 'repaired' });
  }

  /** From now on every client behaves well. Resolves when every call has ended, or after a timeout. */
  async finishAllCalls(): Promise<void> {
    for (const [index, client] of this.#clients().entries()) client.connect(index);
    for (const visitor of this.visitors) visitor.enterFromNowOn();
    for (const agent of this.agents) {
      agent.serveFromNowOn();
      agent.setStatus('available');
    }
    const deadline = performance.now() + FINISH_TIMEOUT_MS;
    while (!(await this.#allEnded()) && performance.now() < deadline) {
      await delay(100);
      for (const agent of this.agents) {
        // An agent who became away, or whose choice was overtaken by a break, chooses again.
        const notAvailable = agent.view !== null && agent.view.chosen !== 'available';
        if (notAvailable && !agent.waitsFor('set-status')) agent.setStatus('available');
        agent.reactAgain();
      }
    }
    for (const client of this.#clients()) client.readConversations();
    await waitUntil(
      'every conversation was read',
      () => !this.#clients().some((client) => client.waitsFor('chat-history')),
      FINISH_TIMEOUT_MS,
    ).catch(() => undefined); // the checker finds the command without a result in the history
  }

  #clients(): readonly (Agent | Visitor)[] {
    return [...this.agents, ...this.visitors];
  }

  async #allEnded(): Promise<boolean> {
    if (this.visitors.some((visitor) => visitor.waitsFor('request-call') || !visitor.hasEnded)) {
      return false;
    }
    const { calls } = await readSample(this.cluster.pool, this.site.id);
    return calls.every(({ state }) => state === 'ended');
  }

  /** Closes every client. Answers with the history. */
  async stop(): Promise<History> {
    this.#stopped = true;
    await this.#sampling;
    this.recorder.close();
    for (const client of this.#clients()) client.dispose();
    return {
      events: this.recorder.events,
      record: await readFinalRecord(this.cluster.pool, this.site.id, this.#names),
    };
  }

  check(history: History): Breach[] {
    const crashes = this.#countCrashes() - this.#crashesBefore;
    return [
      ...checkHistory(history),
      ...(crashes > 0
        ? [{ promise: 'no node ends by itself', evidence: `${crashes} did; see the logs` }]
        : []),
    ];
  }

  #countCrashes(): number {
    return this.cluster.nodes.reduce((sum, { crashes }) => sum + crashes, 0);
  }

  async #keepSampling(): Promise<void> {
    while (!this.#stopped) {
      try {
        this.recorder.add(await readSample(this.cluster.pool, this.site.id));
      } catch {
        // The database is stopped: there is nothing to sample.
      }
      await delay(SAMPLE_INTERVAL_MS);
    }
  }
}
