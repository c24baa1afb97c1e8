import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino, type Logger } from 'pino';
import { Registry } from 'prom-client';
import type { ChosenStatus, Ticket, View } from '../../src/protocol/views.ts';
import type { ChallengeVerifiers } from '../../src/server/challenges/challenge.ts';
import type { Database, Queryable } from '../../src/server/database/database.ts';
import { openDatabase } from '../../src/server/database/open-database.ts';
import { sessionHash } from '../../src/server/identity/session-hash.ts';
import { NodeLoops } from '../../src/server/sweeps/node-loops.ts';
import { BUILT_IN_MEDIA, type RoomMedia } from '../../src/server/rooms/room-media.ts';
import { TokenBuckets } from '../../src/server/rate-limits/token-buckets.ts';
import { TrustedProxies, type ProxyTrust } from '../../src/server/rate-limits/trusted-proxies.ts';
import { Tickets } from '../../src/server/rooms/tickets.ts';
import type { ConnectionLimits } from '../../src/server/sockets/connection-limiter.ts';
import { SocketServer } from '../../src/server/sockets/socket-server.ts';
import { activeLeg, offeredLeg } from './agent-legs.ts';
import { ProtocolClient, type AgentClient, type VisitorClient } from './protocol-client.ts';
import type { TurnSettings } from '../../src/server/settings/settings.ts';
import { TEST_TRTC } from './test-trtc.ts';

const NO_LIMITS: ConnectionLimits = { sockets: 100_000, socketsPerAddress: 100_000 };
export const TEST_KEY = new Uint8Array(32).fill(7);

/** Where a test's database is. The dataDir `memory://` stores nothing. */
export type TestStore = { readonly databaseUrl: string } | { readonly dataDir: string };

export interface SignalingServerOptions {
  /** The media that rooms may use. Default: the built-in media only. */
  readonly media?: RoomMedia;
  /** How many sockets may be open. Default: more than any test opens. */
  readonly limits?: ConnectionLimits;
  readonly trustProxy?: ProxyTrust;
  readonly turn?: TurnSettings | null;
  readonly buckets?: TokenBuckets;
  readonly logger?: Logger;
  /** Who checks the answers to challenges. */
  readonly challenges?: ChallengeVerifiers;
}

/** The signaling part of a server, on a free port. */
export interface SignalingServer {
  readonly url: string;
  readonly database: Database;
  readonly sockets: SocketServer;
  readonly nodeId: string;
  /** Where the sockets' metrics are registered. */
  readonly registry: Registry;
  stop(): Promise<void>;
}

export async function startSignalingServer(
  store: TestStore,
  {
    media = BUILT_IN_MEDIA,
    limits = NO_LIMITS,
    trustProxy = false,
    turn = null,
    buckets = new TokenBuckets(),
    ...options
  }: SignalingServerOptions = {},
): Promise<SignalingServer> {
  const nodeId = randomUUID();
  const logger = options.logger ?? pino({ level: process.env['LOG_LEVEL'] ?? 'silent' });
  const database = await openDatabase({ dataDir: '', ...store, nodeId, logger });
  const registry = new Registry();
  const loops = new NodeLoops({
    database,
    nodeId,
    media,
    logger,
    onLost: () => sockets.dropAll(),
  });
  const sockets = new SocketServer({
    database,
    nodeId,
    key: TEST_KEY,
    logger,
    alive: () => loops.alive,
    tickets: new Tickets({ key: TEST_KEY, turn, trtc: TEST_TRTC }),
    media,
    buckets,
    proxies: new TrustedProxies(trustProxy),
    limits,
    registry,
    challenges: options.challenges,
  });
  await loops.start();
  const http = createServer((_, response) => response.writeHead(404).end());
  sockets.attach(http);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    database,
    sockets,
    nodeId,
    registry,
    stop: async () => {
      await sockets.close({ deadline: 2_000 });
      await new Promise((resolve) => http.close(resolve));
      await loops.stop();
      await database.close();
    },
  };
}

export interface TestAgent {
  readonly id: string;
  readonly username: string;
  readonly token: string;
}

/** A site that one test makes, with two groups. Each of its agents is in both groups. */
export interface TestSite {
  readonly id: string;
  readonly agents: readonly TestAgent[];
}

export async function makeSite(db: Queryable, agents = 1): Promise<TestSite> {
  const id = `s-${randomBytes(6).toString('hex')}`;
  await db.query(
    // All clients of a test come from one address.
    `insert into sites (id, name, origins, crm_origins, calls_per_address, socket_limit)
     values ($1, 'Demo Power', '{https://shop.example.com}', '{https://crm.example.com}', 100000, 100000)`,
    [id],
  );
  await db.query(
    `insert into skill_groups (site_id, id, name, position)
     values ($1, 'pre-sales', 'Pre-sales', 0), ($1, 'after-sales', 'After-sales', 1)`,
    [id],
  );
  const made: TestAgent[] = [];
  for (let i = 0; i < agents; i += 1) made.push(await makeAgent(db, id, i));
  return { id, agents: made };
}

/** Gives the site's offers the longest deadline, so that no agent misses one on a slow machine. */
export async function ringLong(db: Queryable, { id }: { readonly id: string }): Promise<void> {
  await db.query('update skill_groups set offer_seconds = 120 where site_id = $1', [id]);
}

async function makeAgent(db: Queryable, site: string, number: number): Promise<TestAgent> {
  const username = `agent-${number}-${site}`;
  const token = randomBytes(32).toString('base64url');
  const { rows } = await db.query<{ id: string }>(
    'insert into agents (site_id, username, name) values ($1, $2, $3) returning id',
    [site, username, `Agent ${number}`],
  );
  const id = rows[0]?.id ?? '';
  await db.query(
    `insert into memberships (agent_id, site_id, group_id) values ($1, $2, 'pre-sales'), ($1, $2, 'after-sales')`,
    [id, site],
  );
  await db.query(
    `insert into agent_sessions (token_hash, agent_id, expires_at) values ($1, $2, now() + interval '1 hour')`,
    [sessionHash(token), id],
  );
  return { id, username, token };
}

export const newResume = (): string => randomBytes(32).toString('base64url');

/** A visitor who has asked for help. */
export async function callFrom(
  url: string,
  site: TestSite,
  resume = newResume(),
): Promise<{ visitor: VisitorClient; resume: string; callId: string }> {
  const visitor = await ProtocolClient.join(url, { role: 'visitor', site: site.id });
  const { callId } = await visitor.command({
    type: 'request-call',
    resume,
    name: 'Mei',
    params: { device: 'METER-0042' },
  });
  return { visitor, resume, callId };
}

/** An agent's tab, after the agent has chosen this status. */
export async function deskOf(
  url: string,
  agent: TestAgent | undefined,
  status: ChosenStatus = 'available',
): Promise<AgentClient> {
  if (!agent) throw new Error('The site has no such agent.');
  const desk = await ProtocolClient.join(url, { role: 'agent', token: agent.token });
  await desk.command({ type: 'set-status', status });
  return desk;
}

/** What names a participant in a command. */
export interface RoomAndParticipant {
  readonly room: number;
  readonly participant: string;
}

/** Accepts the leg that rings. Resolves when this tab has the ticket. */
export async function accept(desk: AgentClient): Promise<RoomAndParticipant> {
  const leg = offeredLeg(await desk.waitFor(offeredLeg));
  await desk.command({ type: 'accept-offer', legId: leg?.id ?? '' });
  return ticketOf(desk);
}

/** Enters the room of the view's ticket, as soon as there is one. */
export async function enter(client: AgentClient | VisitorClient): Promise<RoomAndParticipant> {
  const ticket = await ticketOf(client);
  await (client as ProtocolClient).command({ type: 'enter-room', ...ticket });
  return ticket;
}

/** The ticket of the view, as soon as there is one. */
export async function ticketOf(client: AgentClient | VisitorClient): Promise<RoomAndParticipant> {
  const view = await (client as ProtocolClient).waitFor(ticketIn);
  const { room, participant } = ticketIn(view) ?? { room: 0, participant: '' };
  return { room, participant };
}

/** The ticket of a guest's room, a visitor's call, or the leg that an agent has accepted. */
function ticketIn(view: View): Ticket | null | undefined {
  switch (view.role) {
    case 'visitor':
      return view.call?.rooms[0]?.ticket;
    case 'agent':
      return activeLeg(view)?.rooms[0]?.ticket;
    case 'guest':
      return view.room.ticket;
  }
}

/** A connected call: both are in the room. */
export async function connect(url: string, site: TestSite) {
  const { visitor, resume, callId } = await callFrom(url, site);
  const desk = await deskOf(url, site.agents[0]);
  await accept(desk);
  const agentTicket = await enter(desk);
  const visitorTicket = await enter(visitor);
  await visitor.waitFor(({ call }) => call?.state === 'connected');
  await desk.waitFor((view) => activeLeg(view)?.call.state === 'connected');
  return { visitor, desk, resume, callId, agentTicket, visitorTicket, room: agentTicket.room };
}
