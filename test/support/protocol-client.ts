import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import type {
  ClientMessage,
  CommandBody,
  CommandValues,
  ConsoleHello,
  Hello,
} from '../../src/protocol/client-messages.ts';
import { RtcDeskError } from '../../src/protocol/errors.ts';
import type { ServerMessage, SnapshotMessage } from '../../src/protocol/server-messages.ts';
import type {
  AgentView,
  ChatMessage,
  GuestView,
  View,
  VisitorView,
} from '../../src/protocol/views.ts';
import { checkCommandValue, parseServerMessage } from './check-server-message.ts';
import { ConditionWaiter } from './condition-waiter.ts';

/** A hello without its type and the protocol's version, of a role that is sent snapshots. */
export type HelloBody = Hello extends infer H
  ? H extends Exclude<Hello, ConsoleHello>
    ? Omit<H, 'type' | 'protocol'>
    : never
  : never;

export interface OpenOptions {
  /** As a browser would send it; none by default. */
  readonly origin?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long the server may take to answer the upgrade, in ms. */
  readonly handshakeTimeout?: number;
}

/** How long a test waits before it fails. */
const TIMEOUT_MS = 15_000;

type ViewOf<R extends View['role']> = Extract<View, { role: R }>;

/**
 * A client of the protocol for tests. It records everything, and waits for conditions. Every frame of the server is
 * checked against its schema.
 */
export class ProtocolClient<R extends View['role'] = View['role']> {
  /** Every text frame that came. */
  readonly frames: string[] = [];
  readonly messages: ServerMessage[] = [];
  closed: { readonly code: number; readonly reason: string } | null = null;
  readonly #received = new ConditionWaiter(TIMEOUT_MS, () => this.#describe());

  private constructor(readonly socket: WebSocket) {
    socket.on('open', () => this.#received.check());
    socket.on('message', (data: Buffer) => {
      const frame = data.toString('utf8');
      this.frames.push(frame);
      this.messages.push(parseServerMessage(frame));
      this.#received.check();
    });
    socket.on('close', (code: number, reason: Buffer) => {
      this.closed = { code, reason: reason.toString('utf8') };
      this.#received.check();
    });
    socket.on('error', () => {
      // 'close' follows, with the code.
    });
  }

  /** Opens a socket. Nothing is sent yet. */
  static async open(url: string, options: OpenOptions = {}): Promise<ProtocolClient> {
    const socket = new WebSocket(url.replace(/^http/, 'ws') + '/ws', options);
    const client = new ProtocolClient(socket);
    await client.until(
      () => socket.readyState === WebSocket.OPEN || client.closed !== null,
      'open',
    );
    return client;
  }

  /** Opens a socket, sends the hello, and waits for the first snapshot. */
  static async join<H extends HelloBody>(
    url: string,
    hello: H,
    options: OpenOptions = {},
  ): Promise<ProtocolClient<H['role']>> {
    const client = await ProtocolClient.open(url, options);
    client.hello(hello);
    try {
      await client.until(
        () => client.snapshot !== null || client.closed !== null,
        'first snapshot',
      );
    } catch (error) {
      client.cut();
      throw error;
    }
    if (client.closed) throw new Error(`closed ${client.closed.code} ${client.closed.reason}`);
    return client as unknown as ProtocolClient<H['role']>;
  }

  hello(hello: HelloBody): void {
    this.send({ type: 'hello', protocol: 1, ...hello } as Hello);
  }

  send(message: ClientMessage): void {
    this.sendRaw(JSON.stringify(message));
  }

  sendRaw(frame: string | Buffer): void {
    this.socket.send(frame);
  }

  /** Sends a command; resolves to its value, rejects with the RtcDeskError of its code. */
  async command<B extends CommandBody>(
    body: B,
    id: string = randomUUID(),
  ): Promise<CommandValues[B['type']]> {
    this.sendRaw(JSON.stringify({ ...body, id }));
    const result = await this.message('result', (message) => message.id === id);
    if (!result.ok) throw new RtcDeskError(result.code, result.message);
    checkCommandValue(body.type, result.value);
    return result.value as CommandValues[B['type']];
  }

  /** The last snapshot. */
  get snapshot(): SnapshotMessage<ViewOf<R>> | null {
    const last = this.messages.findLast(({ type }) => type === 'snapshot');
    return (last as SnapshotMessage<ViewOf<R>> | undefined) ?? null;
  }

  get view(): ViewOf<R> {
    if (!this.snapshot) throw new Error('No snapshot has come.');
    return this.snapshot.view;
  }

  /** Resolves to the newest view, as soon as it fulfils the condition. */
  async waitFor(condition: (view: ViewOf<R>) => unknown): Promise<ViewOf<R>> {
    await this.until(
      () => this.snapshot !== null && Boolean(condition(this.snapshot.view)),
      'view',
    );
    return this.view;
  }

  /** Resolves to the first message of this type that fulfils the condition. It may have come already. */
  async message<T extends ServerMessage['type']>(
    type: T,
    condition: (message: Extract<ServerMessage, { type: T }>) => boolean = () => true,
  ): Promise<Extract<ServerMessage, { type: T }>> {
    type Wanted = Extract<ServerMessage, { type: T }>;
    const find = (): Wanted | undefined =>
      this.messages.find((message): message is Wanted => {
        return message.type === type && condition(message as Wanted);
      });
    await this.until(() => find() !== undefined, type);
    return find() as Wanted;
  }

  /** All chat messages that were delivered, in their order. */
  get chat(): ChatMessage[] {
    return this.messages.flatMap((message) => (message.type === 'chat' ? message.messages : []));
  }

  /** The newest read mark of each participant, as it was delivered. */
  get readMarks(): ReadonlyMap<string, number> {
    const marks = this.messages.flatMap((message) =>
      message.type === 'chat-read' ? message.marks : [],
    );
    return new Map(marks.map(({ participant, sequence }) => [participant, sequence]));
  }

  /** Resolves when the socket is closed. There is no time limit. */
  async ended(): Promise<void> {
    if (this.closed === null) await once(this.socket, 'close');
  }

  async waitForClose(): Promise<{ readonly code: number; readonly reason: string }> {
    await this.until(() => this.closed !== null, 'close');
    return this.closed ?? { code: 0, reason: '' };
  }

  /** Resolves as soon as `condition` holds. It is checked after each frame, and when the socket has closed. */
  until(condition: () => boolean, what: string): Promise<void> {
    return this.#received.until(what, condition);
  }

  /** Closes the socket with a close frame; resolves when it is closed. */
  async close(): Promise<void> {
    this.socket.close(1000);
    await this.waitForClose();
  }

  /** Ends the connection without a close frame, as a cut cable does. */
  cut(): void {
    this.socket.terminate();
  }

  #describe(): string {
    const end = this.closed ? `closed ${this.closed.code} ${this.closed.reason}; ` : '';
    return `${end}the last frames:\n${this.frames.slice(-3).join('\n')}`;
  }
}

export type VisitorClient = ProtocolClient<VisitorView['role']>;
export type AgentClient = ProtocolClient<AgentView['role']>;
export type GuestClient = ProtocolClient<GuestView['role']>;
