import { randomBytes, randomUUID } from 'node:crypto';
import type { OfferReason } from '../../../src/protocol/views.ts';
import type { Database } from '../../../src/server/database/database.ts';
import { acceptOffer, type AcceptedLeg } from '../../../src/server/legs/accept-offer.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { matchCalls } from '../../../src/server/matching/match-calls.ts';
import { openConnection } from '../../../src/server/presence/open-connection.ts';
import { registerNode } from '../../../src/server/presence/register-node.ts';
import { requestCall, type CallRequest } from '../../../src/server/calls/request-call.ts';
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

export interface LegRow {
  readonly id: string;
  readonly call_id: string;
  readonly agent_id: string;
  readonly kind: string;
  readonly state: string;
  readonly reason: OfferReason;
  readonly end_reason: string | null;
  readonly wrap_up_until: Date | null;
}

export interface CallRow {
  readonly state: string;
  readonly epoch: number;
  readonly event_count: number;
  readonly owner_leg_id: string | null;
  readonly room: number | null;
  readonly ended_reason: string | null;
  readonly visitor_gone_at: Date | null;
}

export interface AgentRow {
  readonly status: string;
  readonly missed_in_row: number;
  readonly gone_at: Date | null;
}

/** A site `shop` with the groups `sales` and `service`, and the people who come to it. */
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

  /** An available agent with one tab. The agent who was added first is idle longest. */
  async agent(name: string, groups: readonly string[] = ['sales']): Promise<TestAgent> {
    const { rows } = await this.db.query<{ id: string }>(
      `insert into agents (site_id, username, name) values ('shop', $1, $1) returning id`,
      [name],
    );
    const id = rows[0]?.id ?? '';
    await this.db.query(
      `insert into memberships (agent_id, site_id, group_id) select $1, 'shop', unnest($2::text[])`,
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

  async visitor(request: Partial<CallRequest> = {}): Promise<TestVisitor> {
    const connection = await this.visitorSocket();
    const resumeHash = randomBytes(32);
    const { callId } = await requestCall(this.db, {
      siteId: 'shop',
      name: 'Mei',
      resumeHash,
      connectionId: connection,
      ...request,
    });
    return { callId, connection, resumeHash };
  }

  /** Matches until no further call is offered. Answers with all legs that are offered. */
  async match(media?: RoomMedia): Promise<LegRow[]> {
    while ((await matchCalls(this.db, 'shop', media)).matched > 0);
    return this.offers();
  }

  async offers(): Promise<LegRow[]> {
    const { rows } = await this.db.query<LegRow>(
      `select * from legs where state = 'offered' order by offered_at, id`,
    );
    return rows;
  }

  async offerOf(callId: string, media?: RoomMedia): Promise<LegRow> {
    const offer = (await this.match(media)).find(({ call_id }) => call_id === callId);
    if (!offer) throw new Error('this call is not offered');
    return offer;
  }

  /** Queued, offered and accepted; the agent has to be there already. */
  async accepted(visitor: TestVisitor, agent: TestAgent, media?: RoomMedia): Promise<AcceptedLeg> {
    const { id: legId } = await this.offerOf(visitor.callId, media);
    const { id: agentId, tab: connectionId } = agent;
    return acceptOffer(this.db, { legId, agentId, connectionId, media });
  }

  async ready(visitor: TestVisitor, agent: TestAgent, media?: RoomMedia): Promise<AcceptedLeg> {
    const accepted = await this.accepted(visitor, agent, media);
    await enterRoom(this.db, { ...accepted, connectionId: agent.tab });
    return accepted;
  }

  async connected(visitor: TestVisitor, agent: TestAgent): Promise<AcceptedLeg> {
    const ready = await this.ready(visitor, agent);
    const participant = await this.visitorParticipant(ready.room);
    await enterRoom(this.db, { room: ready.room, participant, connectionId: visitor.connection });
    return ready;
  }

  async visitorParticipant(room: number): Promise<string> {
    const { rows } = await this.db.query<{ id: string }>(
      `select id from participants where room = $1 and role = 'visitor' and left_at is null`,
      [room],
    );
    if (rows.length !== 1) throw new Error(`${rows.length} participants of the visitor`);
    return rows[0]?.id ?? '';
  }

  async call(id: string): Promise<CallRow> {
    const { rows } = await this.db.query<CallRow>('select * from calls where id = $1', [id]);
    if (!rows[0]) throw new Error('no such call');
    return rows[0];
  }

  async leg(id: string): Promise<LegRow> {
    const { rows } = await this.db.query<LegRow>('select * from legs where id = $1', [id]);
    if (!rows[0]) throw new Error('no such leg');
    return rows[0];
  }

  /** The agent's leg that is offered, accepted or joined; null for a free agent. */
  async activeLeg(agentId: string): Promise<LegRow | null> {
    const { rows } = await this.db.query<LegRow>(
      `select * from legs where agent_id = $1 and state in ('offered', 'accepted', 'joined')`,
      [agentId],
    );
    return rows[0] ?? null;
  }

  async agentRow(id: string): Promise<AgentRow> {
    const { rows } = await this.db.query<AgentRow>('select * from agents where id = $1', [id]);
    if (!rows[0]) throw new Error('no such agent');
    return rows[0];
  }

  /** The type of every event of a call in order, with its reason if it has one. */
  async events(callId: string): Promise<string[]> {
    const { rows } = await this.db.query<{ type: string; data: { reason?: unknown } }>(
      'select type, data from call_events where call_id = $1 order by sequence',
      [callId],
    );
    return rows.map(({ type, data: { reason } }) =>
      typeof reason === 'string' ? `${type} ${reason}` : type,
    );
  }

  /** One sweep, as if the service had run all the time, however long the test took to get here. */
  async sweep(onlyNode?: string): Promise<void> {
    await this.db.query('update service_heartbeat set at = clock_timestamp()');
    await sweep(this.db, { onlyNode });
  }

  /** Lets time pass for one row instead of waiting for it. */
  async shift(table: string, id: string, column: string, seconds: number): Promise<void> {
    await this.db.query(
      `update ${table} set ${column} = ${column} - make_interval(secs => $2) where id = $1`,
      [id, seconds],
    );
  }
}
