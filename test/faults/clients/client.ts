import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandBody, CommandType } from '../../../src/protocol/client-messages.ts';
import type { ServerMessage } from '../../../src/protocol/server-messages.ts';
import type { AgentView, VisitorView } from '../../../src/protocol/views.ts';
import { ProtocolClient, type HelloBody } from '../../support/protocol-client.ts';
import type { Recorder } from '../recorder.ts';

/** A server, with its name in the history. */
export interface ServerAddress {
  readonly name: string;
  readonly url: string;
}

/** Like the browser's client: it leaves a server that is silent for this long. */
const PING_INTERVAL_MS = 2_000;
const SILENCE_TIMEOUT_MS = 6_000;
const HANDSHAKE_TIMEOUT_MS = 3_000;
/** The pause before a reconnect doubles from the first to the last, with up to half as much again at random. */
const FIRST_RECONNECT_MS = 100;
const LAST_RECONNECT_MS = 1_000;
/** Before a command is sent again that failed for a temporary reason. */
const RESEND_MS = 250;

/** How many chat messages `sendMessages` sends. */
const MESSAGES = 3;
/** Every third acknowledged message is sent again, as by a page that missed the result. */
const RESEND_EVERY = 3;

type Result = Extract<ServerMessage, { type: 'result' }>;

/** One socket, from its opening on. */
interface Connection {
  /** In the history. */
  readonly number: number;
  readonly client: ProtocolClient;
  lastMessageAt: number;
  hasSnapshot: boolean;
}

/**
 * A person with an open page. The page reconnects by itself, to the next server, when its socket ends. It sends commands
 * without a result again, with the same id. All that it sends and receives is recorded.
 */
export abstract class Client<V extends VisitorView | AgentView> {
  view: V | null = null;
  #connection: Connection | null = null;
  #isOpen = false;
  #connecting = false;
  #nextServer = 0;
  /** Failed connects in a row. */
  #failures = 0;
  #commandCount = 0;
  #acknowledged = 0;
  /** The `connection` of the last welcome. */
  #connectionId: string | null = null;
  readonly #rooms = new Set<number>();
  readonly #unanswered = new Map<string, CommandBody>();
  readonly #pingTimer: NodeJS.Timeout;

  constructor(
    readonly name: string,
    private readonly servers: readonly ServerAddress[],
    protected readonly recorder: Recorder,
  ) {
    this.#pingTimer = setInterval(() => this.#ping(), PING_INTERVAL_MS);
  }

  /** The hello of this client. */
  protected abstract hello(connection: string | null): HelloBody;
  /** What the client always does when it gets a view. */
  protected abstract react(view: V, socket: number): void;

  /** Opens the page; the first connect goes to this node. */
  connect(node: number): void {
    this.#isOpen = true;
    this.#nextServer = node;
    void this.#keepConnecting();
  }

  /** Closes the page; `connect` opens it again. */
  leave(): void {
    this.#isOpen = false;
    this.#connection?.client.cut();
  }

  /** Cuts the connection. The page stays open and reconnects. */
  cut(): void {
    this.#connection?.client.cut();
  }

  /** Reacts to the last view once more. */
  reactAgain(): void {
    if (this.#connection?.hasSnapshot && this.view) this.react(this.view, this.#connection.number);
  }

  /** Whether the open socket has got a snapshot. */
  get isOnline(): boolean {
    return this.#connection?.hasSnapshot ?? false;
  }

  /** Sends a command, now or after the next snapshot, until it has a result. */
  command(body: CommandBody): void {
    this.#commandCount += 1;
    const id = `${this.name.replace(' ', '-')}-${this.#commandCount}`;
    this.#unanswered.set(id, body);
    if (this.isOnline) this.#send(id, body);
  }

  /** Whether a command of this type has no result yet. */
  waitsFor(type: CommandType): boolean {
    return [...this.#unanswered.values()].some((body) => body.type === type);
  }

  /** Forgets the commands without a result, as a reload does. */
  protected forgetCommands(): void {
    this.#unanswered.clear();
  }

  /** Sends a few chat messages. None waits for the result of the one before. */
  protected sendMessages(room: number): void {
    for (let count = 0; count < MESSAGES; count += 1) {
      const messageId = randomUUID();
      this.command({ type: 'chat-send', room, messageId, text: `${count} from ${this.name}` });
    }
  }

  /** Asks for all messages of every room that this client was in. */
  readConversations(): void {
    for (const room of this.#rooms) this.command({ type: 'chat-history', room, after: 0 });
  }

  /** Closes the page for good. */
  dispose(): void {
    clearInterval(this.#pingTimer);
    this.leave();
  }

  async #keepConnecting(): Promise<void> {
    if (this.#connecting) return;
    this.#connecting = true;
    while (this.#isOpen && !this.#connection) {
      const server = this.servers[this.#nextServer % this.servers.length];
      this.#nextServer += 1;
      if (server) await this.#connectTo(server);
      if (!this.#connection) await this.#pause();
    }
    this.#connecting = false;
  }

  /** The pause before a reconnect. It grows until a socket gets a snapshot. */
  async #pause(): Promise<void> {
    const pause = Math.min(FIRST_RECONNECT_MS * 2 ** this.#failures, LAST_RECONNECT_MS);
    this.#failures += 1;
    await delay(pause * (1 + Math.random() / 2));
  }

  async #connectTo(server: ServerAddress): Promise<void> {
    const client = await ProtocolClient.open(server.url, {
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    });
    if (client.closed) return;
    if (!this.#isOpen) return client.cut();
    const connection: Connection = {
      number: this.recorder.nextSocket(),
      client,
      lastMessageAt: performance.now(),
      hasSnapshot: false,
    };
    this.#connection = connection;
    client.socket.on('message', (data: Buffer) => {
      this.#handleFrame(connection, data.toString('utf8'));
    });
    client.socket.once('close', () => this.#handleClose(connection));
    const hello = this.hello(this.#connectionId);
    const resumes = hello.role === 'visitor' && hello.resume !== undefined;
    const base = this.#eventBase(connection);
    this.recorder.add({ kind: 'hello-sent', ...base, node: server.name, resumes });
    client.hello(hello);
  }

  #eventBase({ number }: Connection): { readonly who: string; readonly socket: number } {
    return { who: this.name, socket: number };
  }

  #handleClose(connection: Connection): void {
    this.recorder.add({ kind: 'socket-closed', ...this.#eventBase(connection) });
    if (this.#connection !== connection) return;
    this.#connection = null;
    void this.#pause().then(() => this.#keepConnecting());
  }

  #handleFrame(connection: Connection, frame: string): void {
    if (this.#connection !== connection) return;
    connection.lastMessageAt = performance.now();
    // The protocol client keeps every message; a run is too long for that.
    connection.client.frames.length = 0;
    connection.client.messages.length = 0;
    const message = JSON.parse(frame) as ServerMessage;
    const base = this.#eventBase(connection);
    switch (message.type) {
      case 'welcome':
        this.#connectionId = message.connection;
        return this.recorder.add({ kind: 'welcomed', ...base });
      case 'snapshot': {
        const view = message.view as V;
        this.recorder.add({ kind: 'snapshot-received', ...base, rev: message.rev, view });
        this.view = view;
        this.react(view, connection.number);
        if (!connection.hasSnapshot) {
          connection.hasSnapshot = true;
          this.#failures = 0;
          for (const [id, body] of this.#unanswered) this.#send(id, body);
        }
        return;
      }
      case 'chat': {
        const { room, messages } = message;
        return this.recorder.add({ kind: 'chat-received', ...base, room, messages });
      }
      case 'result':
        return this.#handleResult(connection, message);
    }
  }

  #handleResult(connection: Connection, message: Result): void {
    const { id } = message;
    const body = this.#unanswered.get(id);
    const result = message.ok
      ? ({ ok: true, value: message.value } as const)
      : ({ ok: false, code: message.code } as const);
    this.recorder.add({ kind: 'result-received', ...this.#eventBase(connection), id, result });
    if (!body) return;
    const isTemporary =
      !message.ok && (message.code === 'server-error' || message.code === 'rate-limited');
    if (isTemporary) {
      setTimeout(() => {
        if (this.isOnline && this.#unanswered.has(id)) this.#send(id, body);
      }, RESEND_MS).unref();
      return;
    }
    this.#unanswered.delete(id);
    if (message.ok && body.type === 'enter-room') this.#rooms.add(body.room);
    if (message.ok && body.type === 'chat-send') {
      this.#acknowledged += 1;
      if (this.#acknowledged % RESEND_EVERY === 0) this.command(body);
    }
  }

  #send(id: string, body: CommandBody): void {
    const connection = this.#connection;
    if (!connection || connection.client.closed) return;
    this.recorder.add({ kind: 'command-sent', ...this.#eventBase(connection), id, body });
    connection.client.sendRaw(JSON.stringify({ ...body, id }));
  }

  #ping(): void {
    const connection = this.#connection;
    if (!connection) return;
    const silentFor = performance.now() - connection.lastMessageAt;
    if (silentFor > SILENCE_TIMEOUT_MS) return connection.client.cut();
    if (connection.hasSnapshot) connection.client.send({ type: 'ping' });
  }
}
