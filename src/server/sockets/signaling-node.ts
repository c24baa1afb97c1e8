import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Command, Hello, Notice } from '../../protocol/client-messages.ts';
import { CloseCode } from '../../protocol/close-codes.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Database, Topic } from '../database/database.ts';
import { closeConnection } from '../presence/close-connection.ts';
import { readMessages } from '../chat/read-messages.ts';
import type { RoomMedia } from '../rooms/room-media.ts';
import type { TokenBuckets } from '../rate-limits/token-buckets.ts';
import type { Tickets } from '../rooms/tickets.ts';
import type { ViewReading } from '../presence/view-reading.ts';
import { ChatFeed } from './chat-feed.ts';
import { runCommand } from './commands/run-command.ts';
import type { Connection, ConnectionOwner } from './connection.ts';
import { ConnectionIndex } from './connection-index.ts';
import { Departures } from './departures.ts';
import type { Door } from './door.ts';
import { greet } from './greetings/greet.ts';
import { MessageAllowance } from './message-allowance.ts';
import type { NodeContext } from './node-context.ts';
import { Relay } from './relay.ts';
import { RoomPresence } from './room-presence.ts';
import { roleFeeds } from './role-feeds.ts';
import type { SnapshotFeed } from './snapshot-feed.ts';
import { Counter, type SocketStats } from './socket-stats.ts';
import type { EnteredRoom, Viewer } from './viewer.ts';

export interface SignalingNodeOptions {
  readonly database: Database;
  readonly nodeId: string;
  readonly key: Uint8Array;
  readonly logger: Logger;
  readonly tickets: Tickets;
  readonly media: RoomMedia;
  readonly alive: () => boolean;
  readonly buckets: TokenBuckets;
  readonly door: Door;
}

/** However many notices were lost, every view that hangs on the database is right again after this; ms. */
const FULL_ROUND = 5_000;
/** Connections that are handed over to other nodes in one go. */
const SLICE = 200;

/** Brings the connections of one node together with the database: what changes there is shown here. */
export class SignalingNode implements ConnectionOwner, NodeContext {
  readonly database: Database;
  readonly nodeId: string;
  readonly key: Uint8Array;
  readonly presence: RoomPresence;
  readonly tickets: Tickets;
  readonly media: RoomMedia;
  readonly #index = new ConnectionIndex();
  readonly #greeting = new Set<Connection>();
  readonly #leaving = new Set<Connection>();
  /** How each gives its place in its site back. */
  readonly #sitePlaces = new Map<Connection, () => void>();
  readonly #feeds: Record<Viewer['role'], SnapshotFeed>;
  readonly #chat: ChatFeed;
  readonly #relay: Relay;
  readonly #departures: Departures;
  readonly #received = new Counter();
  readonly #sent = new Counter();
  readonly #closed = new Counter();
  readonly #letGo: (() => void)[];
  #slowReaders = 0;

  constructor(private readonly options: SignalingNodeOptions) {
    const { database, logger, nodeId, key, tickets, media } = options;
    this.database = database;
    this.nodeId = nodeId;
    this.key = key;
    this.tickets = tickets;
    this.media = media;
    this.presence = new RoomPresence(database);
    this.#relay = new Relay(nodeId, this.#index, this.presence, database.wake);
    this.#chat = new ChatFeed(
      this.presence,
      (room, after) => readMessages(database, { room, after }),
      logger,
    );
    this.#departures = new Departures((id) => closeConnection(database, id), logger);
    this.#feeds = roleFeeds({ database, tickets, media, logger }, (...shown) =>
      this.#show(...shown),
    );
    const round = setInterval(() => this.#refreshAll(), FULL_ROUND);
    round.unref();
    this.#letGo = [
      () => clearInterval(round),
      database.wake.listen((topics) => this.#handleWake(topics)),
      database.wake.receive((payload) => this.#relay.handleParcel(payload)),
    ];
  }

  get alive(): boolean {
    return this.options.alive();
  }

  get greeting(): number {
    return this.#greeting.size;
  }

  stats(): SocketStats {
    const open = { visitor: 0, agent: 0, guest: 0 };
    let bufferedBytes = 0;
    for (const connection of this.#index.all()) {
      if (connection.viewer) open[connection.viewer.role] += 1;
      bufferedBytes += connection.bufferedBytes;
    }
    return {
      open,
      greeting: this.#greeting.size,
      received: this.#received.read(),
      sent: this.#sent.read(),
      closed: this.#closed.read(),
      slowReaders: this.#slowReaders,
      bufferedBytes,
    };
  }

  closeAll(code: CloseCode, reason: ErrorCode): void {
    for (const connection of [...this.#greeting, ...this.#index.all()])
      connection.close(code, reason);
  }

  /**
   * Tells everyone to come back, a slice at a time with `pause` ms between: ten thousand who come to the
   * other nodes within a second find their place there, all at once they would wait for each other.
   */
  async handOver(pause: number): Promise<void> {
    const everyone = [...this.#greeting, ...this.#index.all()];
    for (let start = 0; start < everyone.length; start += SLICE) {
      if (start > 0 && pause > 0) await delay(pause);
      for (const connection of everyone.slice(start, start + SLICE)) {
        connection.close(CloseCode.ServiceRestart, 'offline');
      }
    }
    // Whoever said hello meanwhile.
    this.closeAll(CloseCode.ServiceRestart, 'offline');
  }

  /** After the last connection has ended. Waits at most `deadline` ms for the database. */
  async stop(deadline: number): Promise<void> {
    for (const letGo of this.#letGo) letGo();
    for (const feed of Object.values(this.#feeds)) feed.stop();
    this.#chat.stop();
    await this.#departures.settle(deadline);
  }

  /** The view of this connection may have changed, or who it belongs to. */
  refresh(connection: Connection): void {
    if (connection.viewer) this.#feeds[connection.viewer.role].refresh(connection);
  }

  allowanceOf({ id, from }: Connection): MessageAllowance {
    const { buckets, door } = this.options;
    return new MessageAllowance(buckets, id, from.address, door.addressRates);
  }

  takeSitePlace(connection: Connection, site: string, limit: number): boolean {
    const leave = this.options.door.enterSite(site, limit);
    if (leave) this.#sitePlaces.set(connection, leave);
    return leave !== null;
  }

  opened(connection: Connection): void {
    this.#greeting.add(connection);
  }

  async greet(connection: Connection, hello: Hello): Promise<Viewer> {
    try {
      return await greet(this, connection, hello);
    } finally {
      // The socket may have ended while its row was written, or the row's fate be unknown.
      if (connection.ended) {
        this.#leaveSite(connection);
        this.#departures.add(connection.id);
      }
    }
  }

  greeted(connection: Connection): void {
    this.#greeting.delete(connection);
    this.#index.add(connection);
    this.refresh(connection);
  }

  command(connection: Connection, command: Command): Promise<unknown> {
    return runCommand(this, connection, command);
  }

  async notice(connection: Connection, notice: Notice): Promise<void> {
    switch (notice.type) {
      case 'ping':
        return connection.send({ type: 'pong' });
      case 'signal':
        return this.#relay.signal(connection, notice);
      case 'typing':
        return this.#relay.typing(connection, notice.room);
    }
  }

  ended(connection: Connection): void {
    this.#greeting.delete(connection);
    this.#index.delete(connection);
    this.presence.leave(connection);
    this.#leaveSite(connection);
    for (const feed of Object.values(this.#feeds)) feed.forget(connection);
    this.#departures.add(connection.id);
  }

  failed(connection: Connection, error: unknown): void {
    this.options.logger.error(
      { err: error, connection: connection.id, role: connection.viewer?.role },
      'a message could not be handled',
    );
  }

  count(direction: 'received' | 'sent' | 'closed', name: string): void {
    if (direction === 'received') this.#received.add(name);
    else if (direction === 'sent') this.#sent.add(name);
    else this.#closed.add(name);
  }

  countSlowReader(): void {
    this.#slowReaders += 1;
  }

  #leaveSite(connection: Connection): void {
    this.#sitePlaces.get(connection)?.();
    this.#sitePlaces.delete(connection);
  }

  #show(connection: Connection, reading: ViewReading): void {
    if (reading.standing === 'superseded') {
      return connection.close(CloseCode.SignedInElsewhere, 'signed-in-elsewhere');
    }
    if (reading.standing === 'orphaned') {
      return connection.close(CloseCode.ServiceRestart, 'offline');
    }
    // What was told while this was read was told to nobody who hangs on it only since.
    for (const topic of this.#index.follow(connection, reading.topics)) {
      if (this.#feeds[reading.view.role].heard(topic)) this.#handleChange(connection, topic);
    }
    const { entered } = connection;
    const unheard = entered !== null && !connection.hasHeard(reading.lastWord);
    if (entered && reading.room?.participant !== entered.participant) {
      // The view no longer counts this connection into its room.
      if (unheard) return void this.#leaveRoom(connection, entered);
      this.presence.leave(connection);
    }
    if (reading.standing === 'shut-out') return connection.close(CloseCode.Forbidden, 'not-found');
    connection.snapshots.offer(reading);
    if (unheard) this.#chat.deliver(entered.room);
  }

  /**
   * What was said before in the room that is left is delivered first, and then the view that shows the end, so that an
   * acknowledged message is not lost on the way.
   */
  async #leaveRoom(connection: Connection, entered: EnteredRoom): Promise<void> {
    if (this.#leaving.has(connection)) return;
    this.#leaving.add(connection);
    await this.#chat.drain(entered.room);
    this.#leaving.delete(connection);
    if (connection.entered === entered) this.presence.leave(connection);
    if (!connection.ended) this.refresh(connection);
  }

  #handleWake(topics: ReadonlySet<Topic> | 'everything'): void {
    if (topics === 'everything') return this.#refreshAll();
    for (const topic of topics) {
      if (topic.startsWith('chat:')) this.#chat.deliver(Number(topic.slice('chat:'.length)));
      if (topic.startsWith('room:')) this.presence.invalidate(Number(topic.slice('room:'.length)));
      for (const connection of this.#index.following(topic)) this.#handleChange(connection, topic);
    }
    for (const feed of Object.values(this.#feeds)) feed.hear(topics);
  }

  /** Something that the view of this connection hangs on has changed. */
  #handleChange(connection: Connection, topic: Topic): void {
    if (!connection.viewer) return;
    const { role } = connection.viewer;
    if (!topic.startsWith('group:')) this.#feeds[role].refresh(connection);
    // Of an agent's view the line alone is read anew; where a visitor stands is part of what is their own.
    else this.#feeds[role].refreshSoon(connection, role === 'agent' ? 'line' : 'all');
  }

  #refreshAll(): void {
    this.presence.invalidateAll();
    for (const connection of this.#index.all()) {
      // A visitor without a call sees nothing that could change.
      if (connection.viewer?.role === 'visitor' && connection.viewer.callId === null) continue;
      if (connection.viewer) this.#feeds[connection.viewer.role].refreshSoon(connection, 'all');
    }
  }
}
