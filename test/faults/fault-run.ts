import { setTimeout as delay } from 'node:timers/promises';
import type { Queryable } from '../../src/server/database/database.ts';
import { makeSite, type TestSite } from '../support/signaling-server.ts';
import { waitUntil } from '../support/wait-until.ts';
import type { Breach, History } from './checker/history.ts';
import { checkHistory } from './checker/check-history.ts';
import type { Cluster } from './cluster/cluster.ts';
import { OFFER_SECONDS, readFinalRecord, readSample } from './final-record.ts';
import { Agent } from './clients/agent.ts';
import { Visitor } from './clients/visitor.ts';
import { Recorder } from './recorder.ts';

export const AGENTS = 3;
export const SKILLS = ['pre-sales', 'after-sales'] as const;

/** Between two looks at the tables; in ms. */
const SAMPLE_EVERY = 150;
/** Far longer than it takes for every call to be served where nothing is lost; in ms. */
const SETTLES_WITHIN = 120_000;

/** A site of one run’s own on the cluster, its people, and what is written down of them. */
export class Scene {
  readonly recorder = new Recorder();
  readonly agents: readonly Agent[];
  readonly visitors: Visitor[] = [];
  readonly #names: ReadonlyMap<string, string>;
  readonly #crashes: number;
  readonly #sampling: Promise<void>;
  readonly #background = new Set<Promise<void>>();
  #over = false;

  private constructor(
    readonly cluster: Cluster,
    private readonly site: TestSite,
  ) {
    this.agents = site.agents.map(
      (account, index) => new Agent(`agent ${index}`, account, cluster.nodes, this.recorder),
    );
    this.#names = new Map(site.agents.map(({ id }, index) => [id, `agent ${index}`]));
    this.#crashes = this.#countCrashes();
    this.#sampling = this.#keepSampling();
  }

  static async set(
    cluster: Cluster,
    { agents = AGENTS, wrapUpSeconds = 1 }: { agents?: number; wrapUpSeconds?: number } = {},
  ): Promise<Scene> {
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
    // The last agent can take one kind of call only.
    await db.query(`delete from agent_groups where agent_id = $1 and group_id = 'after-sales'`, [
      site.agents.at(-1)?.id,
    ]);
    return new Scene(cluster, site);
  }

  /** One more visitor, who comes through this door. */
  visitor(skill: (typeof SKILLS)[number], door: number): Visitor {
    const name = `visitor ${this.visitors.length}`;
    const visitor = new Visitor(name, this.site.id, skill, this.cluster.nodes, this.recorder);
    this.visitors.push(visitor);
    visitor.come(door);
    return visitor;
  }

  trouble(what: string): void {
    this.recorder.add({ kind: 'troubled', what });
  }

  /** Something that a node does by itself meanwhile. A start that fails is tried again by the healing. */
  background(work: Promise<void>): void {
    this.#background.add(work);
    void work.catch(() => undefined).finally(() => this.#background.delete(work));
  }

  /** The faults are over: everything comes back. Resolves when every node serves. */
  async heal(): Promise<void> {
    // From the moment that it is back, and not only once all else is: who died meanwhile is noticed from then on.
    if (!this.cluster.databaseIsUp) this.trouble('database-returns');
    await this.cluster.bringDatabaseBack();
    await Promise.allSettled(this.#background);
    await this.cluster.heal();
    this.recorder.add({ kind: 'calmed' });
  }

  /** Everyone does their best from now on; resolves when every call has come to its end, or far too late. */
  async serve(): Promise<void> {
    for (const [index, person] of [...this.agents, ...this.visitors].entries()) person.come(index);
    for (const visitor of this.visitors) visitor.wakeUp();
    for (const agent of this.agents) {
      agent.wakeUp();
      agent.choose('available');
    }
    const deadline = performance.now() + SETTLES_WITHIN;
    while (!(await this.#allOver()) && performance.now() < deadline) {
      await delay(100);
      for (const agent of this.agents) {
        // Too late for an offer, or twice: an honest agent says that they are back.
        const lost = agent.view !== null && agent.view.chosen !== 'available';
        if (lost && !agent.waitsFor('set-status')) agent.choose('available');
        agent.look();
      }
    }
    for (const person of [...this.agents, ...this.visitors]) person.readConversations();
    await waitUntil(
      'everyone has read what was said',
      () => ![...this.agents, ...this.visitors].some((person) => person.waitsFor('chat-history')),
      SETTLES_WITHIN,
    ).catch(() => undefined); // whose question was not answered is in the history: the checker tells
  }

  async #allOver(): Promise<boolean> {
    if (this.visitors.some((visitor) => visitor.waitsFor('request-call') || !visitor.over)) {
      return false;
    }
    const { calls } = await readSample(this.cluster.pool, this.site.id);
    return calls.every(({ state }) => state === 'ended');
  }

  /** Sends everyone home; answers with what was written down. */
  async strike(): Promise<History> {
    this.#over = true;
    await this.#sampling;
    this.recorder.close();
    for (const person of [...this.agents, ...this.visitors]) person.dispose();
    return {
      events: this.recorder.events,
      record: await readFinalRecord(this.cluster.pool, this.site.id, this.#names),
    };
  }

  check(history: History): Breach[] {
    const crashes = this.#countCrashes() - this.#crashes;
    return [
      ...checkHistory(history),
      ...(crashes > 0
        ? [{ promise: 'no node ends by itself', evidence: `${crashes} did; see their logs` }]
        : []),
    ];
  }

  #countCrashes(): number {
    return this.cluster.nodes.reduce((sum, { crashes }) => sum + crashes, 0);
  }

  async #keepSampling(): Promise<void> {
    while (!this.#over) {
      try {
        this.recorder.add(await readSample(this.cluster.pool, this.site.id));
      } catch {
        // The database is away: there is nothing to see until it is back.
      }
      await delay(SAMPLE_EVERY);
    }
  }
}
