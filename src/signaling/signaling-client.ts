import type {
  CommandBody,
  CommandType,
  CommandValues,
  Hello,
  Notice,
} from '../protocol/client-messages.ts';
import { CloseCode, isFinal } from '../protocol/close-codes.ts';
import { RtcDeskError, isErrorCode, type ErrorCode } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type {
  ChatDelivery,
  ServerMessage,
  SignalDelivery,
  SnapshotMessage,
  TypingDelivery,
} from '../protocol/server-messages.ts';
import type { View } from '../protocol/views.ts';
import { systemClock, type Clock } from '../platform/clock.ts';
import { Store, type Readable } from '../snapshot/store.ts';
import { backoff } from './backoff.ts';
import { Heartbeat } from './heartbeat.ts';
import { PendingCommands, type CommandOptions } from './pending-commands.ts';
import { socketAddress } from './socket-address.ts';

/** From the first byte to the welcome. */
const CONNECT_DEADLINE = 10_000;
/** Too many came, and nobody said for how long to stay away; in seconds. */
const SPARING = 5;
/** A connection that held this long was a good one: the next backoff starts anew. */
const SETTLED = 5_000;

export interface SignalingSnapshot<V extends View = View> {
  /** `connecting` at first, `offline` from a failure to the next welcome; `closed` is the end. */
  readonly state: 'connecting' | 'online' | 'offline' | 'closed';
  /** Why it closed, where the server closed it for good. */
  readonly error: ErrorCode | null;
  /** What was last known, also while offline. */
  readonly view: V | null;
  /** The server's clock less this browser's, in ms. */
  readonly clockOffset: number;
}

/** Something for one room, not a state: handed on as it comes. */
export type Delivery = SignalDelivery | ChatDelivery | TypingDelivery;

/** What the call logic uses of the connection. */
export interface Signaling<V extends View = View> extends Readable<SignalingSnapshot<V>> {
  /** Kept until its result is there, over reconnects. Rejects with an RtcDeskError. */
  send<T extends CommandType>(
    body: CommandBody<T>,
    options?: CommandOptions,
  ): Promise<CommandValues[T]>;
  /** Sent now or never. Answers whether it was sent. */
  notify(notice: Notice): boolean;
  open(): void;
  close(): void;
}

export interface SignalingOptions {
  /** The desk's address, e.g. `https://desk.example.com`. */
  readonly server: string;
  /**
   * Asked at each connect, so that a token may change. `previous` is the `connection` of the last welcome;
   * null in a page's first hello, and until one was accepted.
   */
  readonly hello: (previous: string | null) => Hello;
  readonly onDelivery: (delivery: Delivery) => void;
  readonly clock?: Clock;
  readonly connect?: (address: string) => WebSocket;
  readonly random?: () => number;
}

/** A browser's connection to the desk: finds its way back by itself until closed by either side for good. */
export class SignalingClient<V extends View> implements Signaling<V> {
  readonly #options: SignalingOptions;
  readonly #clock: Clock;
  readonly #store = new Store<SignalingSnapshot<V>>({
    state: 'connecting',
    error: null,
    view: null,
    clockOffset: 0,
  });
  readonly #pending: PendingCommands;
  readonly #heartbeat: Heartbeat;
  #socket: WebSocket | null = null;
  /** When this socket was welcomed; null before. */
  #welcomedAt: number | null = null;
  #connection: string | null = null;
  #attempt = 0;
  #rev = 0;
  #offsetKnown = false;
  #refusal: ErrorCode | null = null;
  #retryAfter = SPARING;
  #cancelDeadline: (() => void) | null = null;
  #cancelRetry: (() => void) | null = null;

  constructor(options: SignalingOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#pending = new PendingCommands(this.#clock);
    this.#heartbeat = new Heartbeat(
      this.#clock,
      () => this.#write({ type: 'ping' }),
      () => this.#drop(),
    );
  }

  getSnapshot(): Readonly<SignalingSnapshot<V>> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  open(): void {
    if (this.#socket || this.#cancelRetry || this.getSnapshot().state === 'closed') return;
    window.addEventListener('online', this.#handleWake);
    document.addEventListener('visibilitychange', this.#handleWake);
    this.#connect();
  }

  send<T extends CommandType>(
    body: CommandBody<T>,
    options: CommandOptions = {},
  ): Promise<CommandValues[T]> {
    const { state, error } = this.getSnapshot();
    if (state === 'closed') return Promise.reject(new RtcDeskError(error ?? 'offline'));
    // The server would close the socket for it, and get it again on the next one.
    if (new TextEncoder().encode(JSON.stringify(body)).length > limits.frameBytes - 64) {
      return Promise.reject(new RtcDeskError('bad-message', 'too large'));
    }
    return this.#pending.add(body, options, (command) => this.#write(command));
  }

  notify(notice: Notice): boolean {
    if (this.#welcomedAt === null) return false;
    this.#write(notice);
    return true;
  }

  close(): void {
    this.#finish(null);
  }

  #connect(): void {
    this.#cancelRetry = null;
    this.#refusal = null;
    let socket: WebSocket;
    try {
      const address = socketAddress(this.#options.server);
      socket = this.#options.connect?.(address) ?? new WebSocket(address);
    } catch {
      // An address that is none, or that this page may not open: no attempt can do better.
      this.#finish('offline');
      return;
    }
    this.#socket = socket;
    this.#cancelDeadline = this.#clock.after(CONNECT_DEADLINE, () => this.#drop());
    socket.onopen = () => this.#greet();
    socket.onmessage = (event) => this.#handleFrame(event.data);
    // An `error` event says nothing, and `close` follows it.
    socket.onclose = (event) => this.#handleClose(event.code, event.reason);
  }

  /** What waits goes out right behind the hello: the server works off one after the other. */
  #greet(): void {
    this.#write(this.#options.hello(this.#connection));
    for (const command of this.#pending.commands()) this.#write(command);
  }

  #write(message: object): void {
    // A socket that is closing takes nothing more: what must arrive stays pending, and is sent on the next.
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #handleFrame(data: unknown): void {
    this.#heartbeat.heard();
    let message: ServerMessage;
    try {
      message = JSON.parse(String(data)) as ServerMessage;
    } catch {
      // Whatever talks there is not the desk, or is broken: start over on another socket.
      this.#drop();
      return;
    }
    switch (message.type) {
      case 'welcome':
        return this.#handleWelcome(message.connection);
      case 'snapshot':
        return this.#handleSnapshot(message as SnapshotMessage<V>);
      case 'result':
        return this.#pending.settle(message);
      case 'signal':
      case 'chat':
      case 'typing':
        return this.#options.onDelivery(message);
      case 'error':
        // Of the hello: the close that follows may lack a reason. Of a notice: it may be lost anyway.
        if (this.#welcomedAt === null) this.#refusal = message.code;
        this.#retryAfter = message.retryAfter ?? SPARING;
        return;
      case 'pong':
        return;
      default:
        // A newer server may say more than this page knows; what it must know is in the snapshot.
        message satisfies never;
    }
  }

  #handleWelcome(connection: string): void {
    this.#cancelDeadline?.();
    this.#cancelDeadline = null;
    this.#welcomedAt = this.#clock.now();
    this.#connection = connection;
    this.#offsetKnown = false;
    this.#heartbeat.start();
    this.#store.update({ state: 'online' });
  }

  #handleSnapshot({ rev, now, view }: SnapshotMessage<V>): void {
    if (rev <= this.#rev) return;
    this.#rev = rev;
    // The way here only ever makes the offset look smaller: the largest is the nearest to the truth.
    const offset = now - this.#clock.now();
    const known = this.getSnapshot().clockOffset;
    const clockOffset = this.#offsetKnown ? Math.max(known, offset) : offset;
    this.#offsetKnown = true;
    this.#store.update({ view, clockOffset });
  }

  #handleClose(code: number, reason: string): void {
    if (isFinal(code)) {
      this.#finish(isErrorCode(reason) ? reason : (this.#refusal ?? meaning(code)));
      return;
    }
    this.#lost(code === CloseCode.RateLimited ? this.#retryAfter : 0);
  }

  /** Gives this socket up and looks for another. */
  #drop(): void {
    this.#release();
    this.#lost();
  }

  #lost(retryAfter?: number): void {
    const settled = this.#welcomedAt !== null && this.#clock.now() - this.#welcomedAt >= SETTLED;
    if (settled) this.#attempt = 0;
    this.#release();
    const random = this.#options.random ?? Math.random;
    const delay = backoff(this.#attempt++, random, retryAfter);
    this.#cancelRetry = this.#clock.after(delay, () => this.#connect());
    this.#store.update({ state: 'offline' });
  }

  /** The network is back, or somebody looks at the page again. */
  readonly #handleWake = (event: Event): void => {
    if (event.type === 'visibilitychange' && document.visibilityState !== 'visible') return;
    if (this.#cancelRetry) {
      this.#cancelRetry();
      this.#connect();
    } else if (this.#welcomedAt !== null) {
      this.#heartbeat.probe();
    }
  };

  #finish(error: ErrorCode | null): void {
    if (this.getSnapshot().state === 'closed') return;
    this.#release();
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    window.removeEventListener('online', this.#handleWake);
    document.removeEventListener('visibilitychange', this.#handleWake);
    this.#store.update({ state: 'closed', error });
    this.#pending.rejectAll(new RtcDeskError(error ?? 'offline'));
  }

  #release(): void {
    this.#heartbeat.stop();
    this.#cancelDeadline?.();
    this.#cancelDeadline = null;
    this.#welcomedAt = null;
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = null;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

/** What a final close means that came without a reason. */
function meaning(code: number): ErrorCode {
  switch (code) {
    case CloseCode.Unauthorized:
      return 'unauthorized';
    case CloseCode.Forbidden:
      return 'forbidden';
    case CloseCode.UnsupportedProtocol:
      return 'unsupported-protocol';
    case CloseCode.SignedInElsewhere:
      return 'signed-in-elsewhere';
    default:
      return 'bad-message';
  }
}
