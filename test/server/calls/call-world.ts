import { randomBytes, randomUUID } from 'node:crypto';
import type { Database } from '../../../src/server/database/database.ts';
import { acceptOffer, type AcceptedCall } from '../../../src/server/legs/accept-offer.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { matchCalls } from '../../../src/server/queue/match-calls.ts';
import { openConnection } from '../../../src/server/presence/open-connection.ts';
import { registerNode } from '../../../src/server/presence/register-node.ts';
import { requestCall, type CallWish } from '../../../src/server/calls/request-call.ts';
import type { RoomMedia } from '../../../src/server/rooms/room-media.ts';
import { setStatus } from '../../../src/server/agents/set-status.ts';
import { sweep } from '../../../src/server/sweeps/sweep.ts';

export interface TestAgent {
  readonly id: string;
  readonly name: string;
  readonly tab: string;
}

export interface TestVisitor {
  readonly callId: string;
  readonly connection: string;
  readonly resumeHash: Buffer;
}

export interface OfferRow {
  readonly id: string;
  readonly call_id: string;
  readonly agent_id: string;
  readonly state: string;
  readonly why: string;
}

export interface CallRow {
  readonly state: string;
  readonly epoch: number;
  readonly agent_id: string | null;
  readonly room: number | null;
  readonly ended_reason: string | null;
  readonly visitor_gone_at: Date | null;
}

export interface AgentRow {
  readonly status: string;
  readonly load: number;
  readonly missed_in_row: number;
  readonly wrap_up_call: string | null;
  readonly gone_at: Date | null;
}

/** A site `shop` with the groups `sales` and `service`, and people who come to it. */
export class CallWorld {
  constructor(
    readonly db: Database,
    readonly nodeId: string,
  ) {}

  static async make(db: Database, nodeId: string): Promise<CallWorld> {
    await registerNode(db, nodeId);
    await db.query(`insert into sites (id, name) values ('shop', 'Shop')`);
    await db.query(`insert into skill_groups (site_id, id, name, position)
      values ('shop', 'sales', 'Sales', 0), ('shop', 'service', 'After-sales', 1)`);
    return new CallWorld(db, nodeId);
  }

  /** An agent with one tab, available. The earlier one was added, the longer is it idle. */
  async agent(name: string, groups: readonly string[] = ['sales']): Promise<TestAgent> {
    const { rows } = await this.db.query<{ id: string }>(
      `insert into agents (site_id, username, name) values ('shop', $1, $1) returning id`,
      [name],
    );
    const id = rows[0]?.id ?? '';
    await this.db.query(
      `insert into agent_groups (agent_id, site_id, group_id) select $1, 'shop', unnest($2::text[])`,
      [id, groups],
    );
    const tab = await this.tab(id);
    await setStatus(this.db, { agentId: id, status: 'available' });
    return { id, name, tab };
  }

  async tab(agentId: string, nodeId = this.nodeId): Promise<string> {
    const id = randomUUID();
    await openConnection(this.db, { id, nodeId, siteId: 'shop', role: 'agent', agentId });
    return id;
  }

  async visitorSocket(callId: string | null = null, nodeId = this.nodeId): Promise<string> {
    const id = randomUUID();
    await openConnection(this.db, { id, nodeId, siteId: 'shop', role: 'visitor', callId });
    return id;
  }

  async visitor(wish: Partial<CallWish> = {}): Promise<TestVisitor> {
    const connection = await this.visitorSocket();
    const resumeHash = randomBytes(32);
    const { callId } = await requestCall(this.db, {
      siteId: 'shop',
      name: 'Mei',
      resumeHash,
      connectionId: connection,
      ...wish,
    });
    return { callId, connection, resumeHash };
  }

  async match(): Promise<OfferRow[]> {
    while ((await matchCalls(this.db)).matched > 0);
    return this.offers();
  }

  async offers(): Promise<OfferRow[]> {
    const { rows } = await this.db.query<OfferRow>(
      `select * from offers where state = 'active' order by offered_at, id`,
    );
    return rows;
  }

  async offerOf(callId: string): Promise<OfferRow> {
    const offer = (await this.match()).find(({ call_id }) => call_id === callId);
    if (!offer) throw new Error('no offer of this call');
    return offer;
  }

  /** Queued, matched and accepted; the agent has to be there already. */
  async accepted(visitor: TestVisitor, agent: TestAgent, media?: RoomMedia): Promise<AcceptedCall> {
    const { id: offerId } = await this.offerOf(visitor.callId);
    const { id: agentId, tab: connectionId } = agent;
    return acceptOffer(this.db, { offerId, agentId, connectionId, media });
  }

  async ready(visitor: TestVisitor, agent: TestAgent, media?: RoomMedia): Promise<AcceptedCall> {
    const accepted = await this.accepted(visitor, agent, media);
    await enterRoom(this.db, { ...accepted, connectionId: agent.tab });
    return accepted;
  }

  async connected(visitor: TestVisitor, agent: TestAgent): Promise<AcceptedCall> {
    const ready = await this.ready(visitor, agent);
    const participant = await this.visitorJoin(ready.room);
    await enterRoom(this.db, { room: ready.room, participant, connectionId: visitor.connection });
    return ready;
  }

  async visitorJoin(room: number): Promise<string> {
    const { rows } = await this.db.query<{ id: string }>(
      `select id from participants where room = $1 and role = 'visitor' and left_at is null`,
      [room],
    );
    if (rows.length !== 1) throw new Error(`${rows.length} joins of the visitor`);
    return rows[0]?.id ?? '';
  }

  async call(id: string): Promise<CallRow> {
    const { rows } = await this.db.query<CallRow>('select * from calls where id = $1', [id]);
    if (!rows[0]) throw new Error('no such call');
    return rows[0];
  }

  async agentRow(id: string): Promise<AgentRow> {
    const { rows } = await this.db.query<AgentRow>('select * from agents where id = $1', [id]);
    if (!rows[0]) throw new Error('no such agent');
    return rows[0];
  }

  /** `from→to reason` of every step of a call, in order. */
  async steps(callId: string): Promise<string[]> {
    const { rows } = await this.db.query<{ step: string }>(
      `select coalesce(from_state || '→', '') || to_state || ' ' || reason as step
         from call_transitions where call_id = $1 order by epoch`,
      [callId],
    );
    return rows.map(({ step }) => step);
  }

  /** One sweep of a service that has been there all the time, however long this test took to come here. */
  async sweep(alone?: string): Promise<void> {
    await this.db.query('update service set alive_at = clock_timestamp()');
    await sweep(this.db, { alone });
  }

  /** Lets time pass for one row, instead of waiting for it. */
  async shift(table: string, id: string, column: string, seconds: number): Promise<void> {
    await this.db.query(
      `update ${table} set ${column} = ${column} - make_interval(secs => $2) where id = $1`,
      [id, seconds],
    );
  }
}
