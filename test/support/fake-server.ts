import type {
  ClientMessage,
  Command,
  CommandType,
  Hello,
} from '../../src/protocol/client-messages.ts';
import { RtcDeskError, type ErrorCode } from '../../src/protocol/errors.ts';
import type { ServerMessage } from '../../src/protocol/server-messages.ts';
import type { View } from '../../src/protocol/views.ts';
import type { Clock } from '../../src/platform/clock.ts';

type Answer = (command: Command) => unknown;

/** One end of a socket that leads to a FakeServer; as much of a WebSocket as a browser's code uses. */
export class FakeSocket {
  readyState: number = WebSocket.CONNECTING;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
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

  /** The server, or the network, ends it. */
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

/** Speaks the protocol's server side in memory. A test scripts its answers and shows its views. */
export class FakeServer {
  readonly sockets = new Set<FakeSocket>();
  readonly hellos: Hello[] = [];
  /** Every command that arrived, those sent again among them. */
  readonly commands: Command[] = [];
  readonly notices: ClientMessage[] = [];
  /** False: nobody gets through. */
  reachable = true;
  /** True: sockets stay open and nothing moves, as when a network went away without a word. */
  frozen = false;
  /** Set: the next hello is refused for good. */
  refuse: { code: number; reason: string } | null = null;
  opened = 0;
  view: View | null = null;
  /** What a hello sees first, where that is not `view`. */
  welcomeView: ((hello: Hello) => View) | null = null;
  rev = 0;
  readonly #answers = new Map<CommandType, Answer>();

  constructor(private readonly clock: Clock) {}

  readonly connect = (): WebSocket => {
    const socket = new FakeSocket(this);
    this.opened++;
    queueMicrotask(() => {
      if (socket.readyState !== WebSocket.CONNECTING) return;
      if (!this.reachable) return socket.end(1006);
      this.sockets.add(socket);
      socket.readyState = WebSocket.OPEN;
      socket.onopen?.();
    });
    return socket as unknown as WebSocket;
  };

  /** What a command's result carries; throws an RtcDeskError to refuse; undefined loses the result. */
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

  /** All sockets are gone, with this code; 1006 is what a browser reports of a cut. */
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
      const { code, message: text } = error;
      socket.deliver({ type: 'result', id, ok: false, code, message: text });
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
