import { randomBytes, randomUUID } from 'node:crypto';
import type { Database, Topic } from '../../../src/server/database/database.ts';
import { acceptOffer } from '../../../src/server/legs/accept-offer.ts';
import { Dispatcher } from '../../../src/server/sweeps/node-loops.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { openConnection } from '../../../src/server/presence/open-connection.ts';
import { requestCall } from '../../../src/server/calls/request-call.ts';
import { setStatus } from '../../../src/server/agents/set-status.ts';

const SITE = 'bench';

/** As the visitors' views are read: all who wait for theirs in one statement. */
const VISITORS_JOIN = `
  select p.room::text as key, p.id from participants p
   where p.room = any ($1::int[]) and p.role = 'visitor' and p.left_at is null`;

interface Offer {
  readonly id: string;
  readonly callId: string;
  readonly agentId: string;
}

/**
 * Whole lives of calls, straight through the operations that the sockets call: request, offer, accept,
 * ready, connected, end, each a commit of its own. The node's real dispatcher makes the offers, woken as
 * ever; whoever waits for one is told by the same notices, and all who were told together read together.
 */
export class Lives {
  readonly #waiting = new Map<string, (offer: Offer) => void>();
  readonly #tabs = new Map<string, string>();
  readonly #stops: (() => Promise<void> | void)[] = [];
  #due = new Set<string>();
  #reading = false;

  private constructor(
    private readonly db: Database,
    private readonly nodeId: string,
  ) {}

  /** A site with `agents` free agents, and the loops of a node. */
  static async begin(db: Database, nodeId: string, agents: number): Promise<Lives> {
    const lives = new Lives(db, nodeId);
    const silent = { info: () => {}, warn: console.error, error: console.error };
    const dispatcher = new Dispatcher({ database: db, nodeId, logger: silent });
    await dispatcher.start();
    lives.#stops.push(
      db.wake.listen((topics) => lives.#handleWake(topics)),
      () => dispatcher.stop(),
    );
    await db.query(`insert into sites (id, name) values ($1, 'Bench')`, [SITE]);
    await db.query(
      `insert into skill_groups (site_id, id, name, wrap_up_seconds) values ($1, 'all', 'All', 0)`,
      [SITE],
    );
    for (let i = 0; i < agents; i += 1) await lives.#addAgent(`agent-${i}`);
    return lives;
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) await stop();
  }

  /** `clients` visitors live `lives` calls in all, each one call after the other. Answers with the ms it took. */
  async run(lives: number, clients: number): Promise<number> {
    const visitors = await Promise.all(Array.from({ length: clients }, () => this.#openVisitor()));
    let left = lives;
    const started = performance.now();
    await Promise.all(
      visitors.map(async (connection) => {
        while (left-- > 0) await this.#live(connection);
      }),
    );
    return performance.now() - started;
  }

  async #live(connectionId: string): Promise<void> {
    const { db } = this;
    const { callId } = await requestCall(db, {
      siteId: SITE,
      name: 'Visitor',
      resumeHash: randomBytes(32),
      params: { device: 'METER-0042' },
      connectionId,
    });
    const offer = await new Promise<Offer>((resolve) => this.#waiting.set(callId, resolve));
    const tab = this.#tabs.get(offer.agentId) ?? '';
    const accepted = await acceptOffer(db, {
      offerId: offer.id,
      agentId: offer.agentId,
      connectionId: tab,
    });
    await enterRoom(db, { ...accepted, connectionId: tab });
    const join = await db.batch<{ id: string }>(VISITORS_JOIN, String(accepted.room), []);
    await enterRoom(db, { room: accepted.room, participant: join?.id ?? '', connectionId });
    await endCall(db, { callId, by: { role: 'visitor' } });
  }

  #handleWake(topics: ReadonlySet<Topic> | 'everything'): void {
    if (topics === 'everything') for (const call of this.#waiting.keys()) this.#due.add(call);
    else {
      for (const topic of topics) {
        const call = topic.startsWith('call:') ? topic.slice('call:'.length) : '';
        if (this.#waiting.has(call)) this.#due.add(call);
      }
    }
    if (!this.#reading) void this.#read();
  }

  /** As the snapshots are read: all that is due in one statement, never two at a time. */
  async #read(): Promise<void> {
    this.#reading = true;
    while (this.#due.size > 0) {
      const calls = [...this.#due];
      this.#due = new Set();
      const { rows } = await this.db.query<Offer>(
        `select id, call_id as "callId", agent_id as "agentId" from offers
          where call_id = any ($1::uuid[]) and state = 'active'`,
        [calls],
      );
      for (const offer of rows) {
        this.#waiting.get(offer.callId)?.(offer);
        this.#waiting.delete(offer.callId);
      }
    }
    this.#reading = false;
  }

  async #addAgent(name: string): Promise<void> {
    const { rows } = await this.db.query<{ id: string }>(
      'insert into agents (site_id, username, name) values ($1, $2, $2) returning id',
      [SITE, name],
    );
    const agentId = rows[0]?.id ?? '';
    await this.db.query(
      `insert into agent_groups (agent_id, site_id, group_id) values ($1, $2, 'all')`,
      [agentId, SITE],
    );
    const id = randomUUID();
    const { nodeId } = this;
    await openConnection(this.db, { id, nodeId, siteId: SITE, role: 'agent', agentId });
    await setStatus(this.db, { agentId, status: 'available' });
    this.#tabs.set(agentId, id);
  }

  async #openVisitor(): Promise<string> {
    const id = randomUUID();
    await openConnection(this.db, { id, nodeId: this.nodeId, siteId: SITE, role: 'visitor' });
    return id;
  }
}
