import type { Clock } from '../../src/platform/clock.ts';
import type { PlatformSocket } from '../../src/platform/platform.ts';
import type {
  ClientMessage,
  Command,
  CommandType,
  Hello,
} from '../../src/protocol/client-messages.ts';
import { RtcDeskError, type ErrorCode } from '../../src/protocol/errors.ts';
import type { ServerMessage } from '../../src/protocol/server-messages.ts';
import type { View } from '../../src/protocol/views.ts';
import { CALL_ID, ROOM } from './fake-views.ts';

type Answer = (command: Command) => unknown;

/** The answer of a room without messages. */
export const ENTERED = { lastSequence: 0, readMarks: [], ownParticipants: [] };

/** The answer to an accept without a first signal. */
const ACCEPTED = { callId: CALL_ID, room: ROOM, entered: false };

/** A client's socket to a FakeServer. */
export class FakeSocket implements PlatformSocket {
  readyState: number = WebSocket.CONNECTING;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  welcomed = false;

  constructor(private readonly server: FakeServer) {}

  send(data: string): void {
    if (this.readyState !== WebSocket.OPEN) throw new Error('not open');
    this.server.handleFrame(this, JSON.parse(data) as ClientMessage);
  }

  close(): void {
    this.readyState = WebSocket.CLOSED;
    this.server.sockets.delete(this);
  }

  /** The server or the network closes it. */
  end(code: number, reason = ''): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.close();
    this.onclose?.({ code, reason });
  }

  deliver(message: ServerMessage): void {
    queueMicrotask(() => {
      if (this.readyState === WebSocket.OPEN && !this.server.frozen) {
        this.onmessage?.({ data: JSON.stringify(message) });
      }
    });
  }
}

/** The protocol's server side in memory. A test sets its answers and shows its views. */
export class FakeServer {
  readonly sockets = new Set<FakeSocket>();
  readonly hellos: Hello[] = [];
  /** Every command that arrived, including those that were sent again. */
  readonly commands: Command[] = [];
  readonly notices: ClientMessage[] = [];
  /** False: no socket opens. */
  reachable = true;
  /** True: sockets stay open and carry nothing, as after a network that vanished. */
  frozen = false;
  /** Set: every hello is refused for good. */
  refuse: { code: number; reason: string } | null = null;
  opened = 0;
  view: View | null = null;
  /** The view that a hello sees first, if it is not `view`. */
  welcomeView: ((hello: Hello) => View) | null = null;
  rev = 0;
  readonly #answers = new Map<CommandType, Answer>([
    ['accept-offer', (command) => ({ ...ACCEPTED, legId: (command as { legId: string }).legId })],
    ['enter-room', () => ENTERED],
    ['chat-history', () => ({ messages: [] })],
  ]);

  constructor(private readonly clock: Clock) {}

  readonly connect = (): PlatformSocket => {
    const socket = new FakeSocket(this);
    this.opened++;
    queueMicrotask(() => {
      if (socket.readyState !== WebSocket.CONNECTING) return;
      if (!this.reachable) return socket.end(1006);
      this.sockets.add(socket);
      socket.readyState = WebSocket.OPEN;
      socket.onopen?.();
    });
    return socket;
  };

  /** Sets the answer to a command. It throws an RtcDeskError to refuse it; undefined loses the result. */
  on(type: CommandType, answer: Answer): void {
    this.#answers.set(type, answer);
  }

  /** Shows a view to everybody, now and at each welcome. */
  show(view: View): void {
    this.view = view;
    this.rev++;
    for (const socket of this.sockets) if (socket.welcomed) this.#snapshot(socket, view);
  }

  send(message: ServerMessage): void {
    for (const socket of this.sockets) if (socket.welcomed) socket.deliver(message);
  }

  /** Closes all sockets with this code. Browsers report 1006 for a lost connection. */
  cut(code = 1006, reason: ErrorCode | '' = ''): void {
    for (const socket of [...this.sockets]) socket.end(code, reason);
  }

  sent<T extends CommandType>(type: T): Extract<Command, { type: T }>[] {
    return this.commands.filter((command) => command.type === type) as never;
  }

  handleFrame(socket: FakeSocket, message: ClientMessage): void {
    if (this.frozen) return;
    if (message.type === 'hello') return this.#handleHello(socket, message);
    if (message.type === 'ping') return socket.deliver({ type: 'pong' });
    if (!('id' in message)) {
      this.notices.push(message);
      return;
    }
    this.commands.push(message);
    const { id } = message;
    try {
      const answer = this.#answers.get(message.type);
      const value = answer ? answer(message) : null;
      if (value !== undefined) socket.deliver({ type: 'result', id, ok: true, value });
    } catch (error) {
      if (!(error instanceof RtcDeskError)) throw error;
      const { code, message: text, retryAfter } = error;
      const refusal = { code, message: text, ...(retryAfter !== undefined && { retryAfter }) };
      socket.deliver({ type: 'result', id, ok: false, ...refusal });
    }
  }

  #handleHello(socket: FakeSocket, hello: Hello): void {
    this.hellos.push(hello);
    if (this.refuse) return socket.end(this.refuse.code, this.refuse.reason);
    socket.welcomed = true;
    socket.deliver({ type: 'welcome', connection: `connection-${this.opened}` });
    const view = this.welcomeView?.(hello) ?? this.view;
    if (!view) return;
    this.rev++;
    this.#snapshot(socket, view);
  }

  #snapshot(socket: FakeSocket, view: View): void {
    socket.deliver({ type: 'snapshot', rev: this.rev, now: this.clock.now(), view });
  }
}
