import { randomBytes, randomUUID } from 'node:crypto';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { requestCall } from '../../../src/server/calls/request-call.ts';
import type { Database, Topic } from '../../../src/server/database/database.ts';
import { acceptOffer } from '../../../src/server/legs/accept-offer.ts';
import { openConnection } from '../../../src/server/presence/open-connection.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { setStatus } from '../../../src/server/agents/set-status.ts';
import { NodeLoops } from '../../../src/server/sweeps/node-loops.ts';

const SITE = 'bench';

/** The visitors' participants of rooms, as their views read them: one statement for all that ask at a time. */
const VISITOR_PARTICIPANTS = `
  select p.room::text as key, p.id from participants p
   where p.room = any ($1::int[]) and p.role = 'visitor' and p.left_at is null`;

interface OfferedLeg {
  readonly id: string;
  readonly callId: string;
  readonly agentId: string;
}

/**
 * Whole calls through the operations that the sockets use: request, offer, accept, ready, connected, end. Each step is
 * its own commit. The node's matching makes the offers; notices wake it as usual. A client that waits for an offer
 * learns of it by the same notices, and one statement reads for all clients that were notified together.
 */
export class CallRunner {
  readonly #waiting = new Map<string, (leg: OfferedLeg) => void>();
  /** The connection of each agent. */
  readonly #tabs = new Map<string, string>();
  readonly #stops: (() => Promise<void> | void)[] = [];
  /** Calls that changed since the last reading. */
  #changed = new Set<string>();
  #reading = false;

  private constructor(
    private readonly db: Database,
    private readonly nodeId: string,
  ) {}

  /** Makes a site with `agents` free agents, and starts the loops of a node. */
  static async start(db: Database, nodeId: string, agents: number): Promise<CallRunner> {
    const runner = new CallRunner(db, nodeId);
    const logger = { info: () => {}, warn: console.error, error: console.error };
    const loops = new NodeLoops({ database: db, nodeId, logger });
    await loops.start();
    runner.#stops.push(
      db.wake.listen((topics) => runner.#handleWake(topics)),
      () => loops.stop(),
    );
    await db.query(`insert into sites (id, name) values ($1, 'Bench')`, [SITE]);
    await db.query(
      `insert into skill_groups (site_id, id, name, wrap_up_seconds) values ($1, 'all', 'All', 0)`,
      [SITE],
    );
    for (let i = 0; i < agents; i += 1) await runner.#addAgent(`agent-${i}`);
    return runner;
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) await stop();
  }

  /** Runs `calls` calls in all. `clients` visitors make them, each one call after the other. Answers with the ms. */
  async run(calls: number, clients: number): Promise<number> {
    const visitors = await Promise.all(Array.from({ length: clients }, () => this.#openVisitor()));
    let left = calls;
    const started = performance.now();
    await Promise.all(
      visitors.map(async (connectionId) => {
        while (left-- > 0) await this.#runCall(connectionId);
      }),
    );
    return performance.now() - started;
  }

  async #runCall(connectionId: string): Promise<void> {
    const { db } = this;
    const { callId } = await requestCall(db, {
      siteId: SITE,
      name: 'Visitor',
      resumeHash: randomBytes(32),
      params: { device: 'METER-0042' },
      connectionId,
    });
    const leg = await new Promise<OfferedLeg>((resolve) => this.#waiting.set(callId, resolve));
    const tab = this.#tabs.get(leg.agentId) ?? '';
    const { room, participant } = await acceptOffer(db, {
      legId: leg.id,
      agentId: leg.agentId,
      connectionId: tab,
    });
    await enterRoom(db, { room, participant, connectionId: tab });
    const visitor = await db.batch<{ id: string }>(VISITOR_PARTICIPANTS, String(room), []);
    await enterRoom(db, { room, participant: visitor?.id ?? '', connectionId });
    await endCall(db, { callId, by: { role: 'visitor' } });
  }

  #handleWake(topics: ReadonlySet<Topic> | 'everything'): void {
    const calls =
      topics === 'everything'
        ? [...this.#waiting.keys()]
        : [...topics].flatMap((topic) => (topic.startsWith('call:') ? [topic.slice(5)] : []));
    for (const call of calls) if (this.#waiting.has(call)) this.#changed.add(call);
    if (!this.#reading) void this.#read();
  }

  /** Reads all changed calls in one statement, as snapshots are read. One statement runs at a time. */
  async #read(): Promise<void> {
    this.#reading = true;
    while (this.#changed.size > 0) {
      const calls = [...this.#changed];
      this.#changed = new Set();
      const { rows } = await this.db.query<OfferedLeg>(
        `select id, call_id as "callId", agent_id as "agentId" from legs
          where call_id = any ($1::uuid[]) and state = 'offered'`,
        [calls],
      );
      for (const leg of rows) {
        this.#waiting.get(leg.callId)?.(leg);
        this.#waiting.delete(leg.callId);
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
      `insert into memberships (agent_id, site_id, group_id) values ($1, $2, 'all')`,
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
