import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Command, Hello, Notice } from '../../protocol/client-messages.ts';
import { CloseCode } from '../../protocol/close-codes.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { ChallengeVerifiers } from '../challenges/challenge.ts';
import type { Database, Topic } from '../database/database.ts';
import { closeConnection } from '../presence/close-connection.ts';
import type { TokenBuckets } from '../rate-limits/token-buckets.ts';
import type { RecordingFolder } from '../recordings/recording-folder.ts';
import type { RoomMedia } from '../rooms/room-media.ts';
import { runRequests } from '../flows/run-request.ts';
import type { Tickets } from '../rooms/tickets.ts';
import type { AgentCredential } from '../identity/verify-agent-token.ts';
import type { ViewReading } from '../views/view-reading.ts';
import { AgentAccess } from './agent-access.ts';
import { BoardFeed } from './board-feed.ts';
import { changesOwnView, runCommand } from './commands/run-command.ts';
import { ConnectionCleanup } from './connection-cleanup.ts';
import { ConnectionIndex } from './connection-index.ts';
import type { ConnectionLimiter } from './connection-limiter.ts';
import type { Connection, ConnectionOwner } from './connection.ts';
import { DrawingFeed } from './drawing-feed.ts';
import { handshake } from './handshakes/handshake.ts';
import { MessageRateLimit } from './message-rate-limit.ts';
import type { NodeContext } from './node-context.ts';
import { roleFeeds, type Role } from './role-feeds.ts';
import { RoomChat } from './room-chat.ts';
import { RoomPresence } from './room-presence.ts';
import { RoomRelay } from './room-relay.ts';
import type { SnapshotFeed } from './snapshot-feed.ts';
import { SocketMetrics, type OpenSockets } from './socket-metrics.ts';
import type { EnteredRoom, RoomEntry, Viewer } from './viewer.ts';

interface SignalingNodeOptions {
  readonly database: Database;
  readonly nodeId: string;
  readonly key: Uint8Array;
  readonly logger: Logger;
  readonly tickets: Tickets;
  readonly media: RoomMedia;
  readonly alive: () => boolean;
  readonly buckets: TokenBuckets;
  readonly limiter: ConnectionLimiter;
  readonly registry: Registry;
  readonly challenges: ChallengeVerifiers;
  readonly recordingFolder: RecordingFolder | undefined;
}

/** Notices may be lost: within this time every view is right again, and every chat message delivered. */
const FULL_ROUND_MS = 5_000;
/** Connections that are told to come back to another node at a time. */
const HAND_OVER_BATCH = 200;

/** Connects the clients of one node with the database: shows them what changes there, and carries out their commands. */
export class SignalingNode implements ConnectionOwner, NodeContext {
  readonly database: Database;
  readonly nodeId: string;
  readonly key: Uint8Array;
  readonly logger: Logger;
  readonly challenges: ChallengeVerifiers;
  readonly recordingFolder: RecordingFolder | undefined;
  readonly presence: RoomPresence;
  readonly relay: RoomRelay;
  readonly tickets: Tickets;
  readonly media: RoomMedia;
  readonly metrics: SocketMetrics;
  readonly #index = new ConnectionIndex();
  readonly #handshaking = new Set<Connection>();
  /** The newest view of each connection that waits until the chat of a room that is over has been delivered. */
  readonly #heldBack = new Map<Connection, ViewReading>();
  /** The function that ends each connection's count among its site's sockets. */
  readonly #sitePlaces = new Map<Connection, () => void>();
  readonly #feeds: Record<Role, SnapshotFeed>;
  readonly #board: BoardFeed;
  readonly #chat: RoomChat;
  readonly #drawings: DrawingFeed;
  readonly #cleanup: ConnectionCleanup;
  readonly #access: AgentAccess;
  readonly #unsubscribe: (() => void)[];

  constructor(private readonly options: SignalingNodeOptions) {
    const { database, logger, nodeId, key, tickets, media, buckets } = options;
    this.database = database;
    this.nodeId = nodeId;
    this.key = key;
    this.tickets = tickets;
    this.media = media;
    this.logger = logger;
    this.challenges = options.challenges;
    this.recordingFolder = options.recordingFolder;
    this.metrics = new SocketMetrics(options.registry, () => this.#openSockets());
    this.presence = new RoomPresence(database);
    this.relay = new RoomRelay(nodeId, this.#index, this.presence, database.wake);
    this.#chat = new RoomChat(database, this.presence, logger);
    this.#drawings = new DrawingFeed(database, this.presence, logger);
    this.#cleanup = new ConnectionCleanup((id) => closeConnection(database, id), logger);
    this.#access = new AgentAccess(database, (error) =>
      logger.warn({ err: error }, 'the sign-ins of open sockets could not be checked'),
    );
    const sources = { database, tickets, media, buckets, logger };
    this.#feeds = roleFeeds(sources, (...shown) => this.#show(...shown));
    this.#board = new BoardFeed(database, logger);
    const round = setInterval(() => this.#refreshAll(), FULL_ROUND_MS);
    round.unref();
    this.#unsubscribe = [
      () => clearInterval(round),
      database.wake.listen((topics) => this.#handleWake(topics)),
      database.wake.receive((payload) => this.relay.handleNodeMessage(payload)),
    ];
  }

  get alive(): boolean {
    return this.options.alive();
  }

  requestForFlow(callId: string, node: string): void {
    const { database, key, logger } = this;
    void runRequests({ database, key, logger }, { callId, node });
  }

  get handshakes(): number {
    return this.#handshaking.size;
  }

  #openSockets(): OpenSockets {
    const open = { visitor: 0, agent: 0, guest: 0, console: 0, handshaking: this.handshakes };
    let bufferedBytes = 0;
    for (const connection of this.#index.all()) {
      if (connection.viewer) open[connection.viewer.role] += 1;
      bufferedBytes += connection.bufferedBytes;
    }
    return { open, bufferedBytes };
  }

  closeAll(code: CloseCode, reason: ErrorCode): void {
    for (const connection of [...this.#handshaking, ...this.#index.all()]) {
      connection.close(code, reason);
    }
  }

  /**
   * Tells everyone to come back, a batch at a time with `pause` ms between: ten thousand who come to the other nodes
   * within a second find their place there; all at once they would wait for each other.
   */
  async handOver(pause: number): Promise<void> {
    const everyone = [...this.#handshaking, ...this.#index.all()];
    for (let start = 0; start < everyone.length; start += HAND_OVER_BATCH) {
      if (start > 0 && pause > 0) await delay(pause);
      for (const connection of everyone.slice(start, start + HAND_OVER_BATCH)) {
        connection.close(CloseCode.ServiceRestart, 'offline');
      }
    }
    // Also those who said hello meanwhile.
    this.closeAll(CloseCode.ServiceRestart, 'offline');
  }

  /** After the last connection has ended. Waits at most `deadline` ms for the database. */
  async stop(deadline: number): Promise<void> {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const feed of Object.values(this.#feeds)) feed.stop();
    this.#board.stop();
    this.#chat.stop();
    this.#drawings.stop();
    await this.#cleanup.settle(deadline);
  }

  /** The view that the command has changed is sent before its result. Null if the command changes no view. */
  showEffect(connection: Connection, { type }: Command): Promise<void> | null {
    if (!changesOwnView(type)) return null;
    return this.#feedOf(connection)?.refreshFirst(connection) ?? null;
  }

  entered(connection: Connection, entry: RoomEntry): void {
    this.presence.enter(connection, entry);
    // Notices that came since the statement have not reached this connection. Nobody writes in a room so new.
    if (!entry.justMade) void this.#chat.catchUp([entry.room]);
    if (entry.drawn) void this.#drawings.deliver(entry.room);
  }

  rateLimitOf({ id, origin }: Connection): MessageRateLimit {
    const { buckets, limiter } = this.options;
    return new MessageRateLimit(buckets, id, origin.address, limiter.addressRates);
  }

  signedIn(connection: Connection, credential: AgentCredential): void {
    const { viewer } = connection;
    if ((viewer?.role !== 'agent' && viewer?.role !== 'console') || connection.ended) return;
    const { agentId, site } = viewer;
    this.#access.add(connection, { agentId, siteId: site.id, credential });
  }

  takeSitePlace(connection: Connection, site: string, limit: number): boolean {
    const leave = this.options.limiter.enterSite(site, limit);
    if (leave) this.#sitePlaces.set(connection, leave);
    return leave !== null;
  }

  opened(connection: Connection): void {
    this.#handshaking.add(connection);
  }

  async handshake(connection: Connection, hello: Hello): Promise<Viewer> {
    try {
      return await handshake(this, connection, hello);
    } finally {
      // The socket may have ended while its row was written, and whether the row was written may be unknown.
      if (connection.ended) {
        this.#leaveSite(connection);
        this.#cleanup.add(connection.id);
      }
    }
  }

  welcomed(connection: Connection): void {
    this.#handshaking.delete(connection);
    this.#index.add(connection);
    const { viewer } = connection;
    if (viewer?.role === 'agent' || viewer?.role === 'console')
      this.signedIn(connection, viewer.credential);
    if (viewer?.role === 'console') this.#board.add(connection, viewer);
    this.#feedOf(connection)?.refresh(connection);
  }

  /** Null for the console, which is sent no snapshots. */
  #feedOf({ viewer }: Connection): SnapshotFeed | null {
    return viewer && viewer.role !== 'console' ? this.#feeds[viewer.role] : null;
  }

  command(connection: Connection, command: Command): Promise<unknown> {
    return runCommand(this, connection, command);
  }

  async notice(connection: Connection, notice: Notice): Promise<void> {
    switch (notice.type) {
      case 'ping':
        return connection.send({ type: 'pong' });
      case 'signal':
        return this.relay.signal(connection, notice);
      case 'typing':
        return this.relay.typing(connection, notice);
      case 'point':
        return this.relay.point(connection, notice);
    }
  }

  ended(connection: Connection): void {
    this.#handshaking.delete(connection);
    this.#index.delete(connection);
    this.#access.delete(connection);
    this.presence.leaveAll(connection);
    this.#leaveSite(connection);
    for (const feed of Object.values(this.#feeds)) feed.forget(connection);
    this.#board.forget(connection);
    this.#cleanup.add(connection.id);
  }

  failed(connection: Connection, error: unknown): void {
    this.options.logger.error(
      { err: error, connection: connection.id, role: connection.viewer?.role },
      'a message could not be handled',
    );
  }

  cutOff({ id, viewer }: Connection, bufferedBytes: number): void {
    this.options.logger.warn(
      { connection: id, role: viewer?.role, site: viewer?.site.id, bufferedBytes },
      'a socket was cut off because its peer does not read',
    );
  }

  #leaveSite(connection: Connection): void {
    this.#sitePlaces.get(connection)?.();
    this.#sitePlaces.delete(connection);
  }

  #show(connection: Connection, reading: ViewReading): void | Promise<void> {
    const { view, topics, rooms, connectionStatus } = reading;
    if (connectionStatus === 'superseded') {
      return connection.close(CloseCode.SignedInElsewhere, 'signed-in-elsewhere');
    }
    if (connectionStatus === 'handed-over') {
      return connection.close(CloseCode.SignedInElsewhere, 'handed-over');
    }
    if (connectionStatus === 'orphaned') {
      return connection.close(CloseCode.ServiceRestart, 'offline');
    }
    // A notice of a new topic may have come while the view was read, when the connection did not follow it yet.
    for (const topic of this.#index.follow(connection, topics)) {
      if (this.#feeds[view.role].heard(topic)) this.#handleChange(connection, topic);
    }
    const over = [...connection.rooms.values()].filter((entered) => {
      const { room, participant, justMade } = entered;
      // At most one reading was under way when the room was made.
      entered.justMade = false;
      return (
        !justMade && !rooms.some((open) => open.room === room && open.participant === participant)
      );
    });
    if (over.length > 0 || this.#heldBack.has(connection)) {
      return this.#leaveRooms(connection, over, reading);
    }
    if (connectionStatus === 'room-closed') {
      return connection.close(CloseCode.Forbidden, 'not-found');
    }
    connection.snapshots.offer(reading);
  }

  /**
   * The view no longer opens these rooms. What was said in them before is delivered first, and then the view that
   * shows the end, so that no acknowledged message is lost.
   */
  async #leaveRooms(
    connection: Connection,
    over: readonly EnteredRoom[],
    reading: ViewReading,
  ): Promise<void> {
    const leaving = this.#heldBack.has(connection);
    this.#heldBack.set(connection, reading);
    if (leaving) return;
    await Promise.all(over.map(({ room }) => this.#chat.deliver(room)));
    for (const entered of over) this.presence.leave(connection, entered);
    const newest = this.#heldBack.get(connection);
    this.#heldBack.delete(connection);
    if (newest && !connection.ended) await this.#show(connection, newest);
  }

  #handleWake(topics: ReadonlySet<Topic> | 'everything'): void {
    if (topics === 'everything') return this.#refreshAll();
    this.#access.handleWake(topics);
    for (const topic of topics) {
      if (topic.startsWith('chat:')) void this.#chat.deliver(roomOf(topic));
      else if (topic.startsWith('read:')) void this.#chat.deliverReadMarks(roomOf(topic));
      else if (topic.startsWith('drawing:')) void this.#drawings.deliver(roomOf(topic));
      else if (topic.startsWith('room:')) this.presence.invalidate(roomOf(topic));
      for (const connection of this.#index.following(topic)) this.#handleChange(connection, topic);
    }
    for (const feed of Object.values(this.#feeds)) feed.hear(topics);
    this.#board.hear(topics);
  }

  /** Something changed on which the view of this connection depends. */
  #handleChange(connection: Connection, topic: Topic): void {
    const feed = this.#feedOf(connection);
    if (!topic.startsWith('group:')) feed?.refresh(connection);
    // An agent sees the queue itself; a visitor sees the own place in it.
    else feed?.refreshShared(connection, connection.viewer?.role === 'agent' ? 'queue' : 'own');
  }

  #refreshAll(): void {
    this.presence.invalidateAll();
    this.#access.refreshAll();
    void this.#chat.catchUp(this.presence.rooms);
    void this.#drawings.catchUp(this.presence.rooms);
    for (const connection of this.#index.all()) {
      // Nothing in the view of a visitor without a call can change.
      if (connection.viewer?.role === 'visitor' && connection.viewer.callId === null) continue;
      this.#feedOf(connection)?.refreshShared(connection, 'both');
    }
    this.#board.refreshAll();
  }
}

function roomOf(topic: Topic): number {
  return Number(topic.slice(topic.indexOf(':') + 1));
}
