import type { Platform, PlatformSocket } from '../platform/platform.ts';
import type {
  CommandBody,
  CommandType,
  CommandValues,
  Notice,
} from '../protocol/client-messages.ts';
import { CloseCode, finalError } from '../protocol/close-codes.ts';
import { RtcDeskError, type ErrorCode } from '../protocol/errors.ts';
import { limits } from '../protocol/limits.ts';
import type { BoardDelivery, ServerMessage, SnapshotMessage } from '../protocol/server-messages.ts';
import type { View } from '../protocol/views.ts';
import { Store } from '../snapshot/store.ts';
import { backoff } from './backoff.ts';
import { Heartbeat } from './heartbeat.ts';
import { PendingCommands } from './pending-commands.ts';
import type {
  CommandOptions,
  Signaling,
  SignalingOptions,
  SignalingSnapshot,
} from './signaling.ts';

/** From the first byte to the welcome. */
const CONNECT_TIMEOUT_MS = 10_000;
/** How long to stay away if the server limits the rate and does not say for how long. */
const DEFAULT_RETRY_AFTER_SECONDS = 5;
/** A connection that lasted this long was a good one: the backoff starts anew. */
const STABLE_MS = 5_000;
/** For the id, which is added to a command later. */
const ID_RESERVE_BYTES = 64;
const OPEN = 1;
/**
 * The reason of a final close is an error's code. A code of one word says nothing that the close code does not say. The
 * list of all codes is not loaded for this.
 */
const CODE_OF_SEVERAL_WORDS = /^[a-z]+-/;

/** One client's connection to the desk. It reconnects by itself until either side closes it for good. */
export class SignalingClient<V extends View> implements Signaling<V> {
  readonly #platform: Platform;
  readonly #options: SignalingOptions;
  readonly #store = new Store<SignalingSnapshot<V>>({
    state: 'connecting',
    error: null,
    view: null,
    clockOffset: 0,
  });
  readonly #pending: PendingCommands;
  readonly #heartbeat: Heartbeat;
  #socket: PlatformSocket | null = null;
  /** When this socket was welcomed; null before. */
  #welcomedAt: number | null = null;
  #connection: string | null = null;
  #attempt = 0;
  #rev = 0;
  #offsetKnown = false;
  #refusal: ErrorCode | null = null;
  #retryAfter = DEFAULT_RETRY_AFTER_SECONDS;
  #stopWake: (() => void) | null = null;
  #cancelTimeout: (() => void) | null = null;
  #cancelRetry: (() => void) | null = null;

  constructor(platform: Platform, options: SignalingOptions) {
    this.#platform = platform;
    this.#options = options;
    this.#pending = new PendingCommands(platform.clock);
    this.#heartbeat = new Heartbeat(
      platform.clock,
      () => this.#write({ type: 'ping' }),
      () => this.#replaceSocket(),
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
    this.#stopWake = this.#platform.page.onWake(() => this.#handleWake());
    this.#connect();
  }

  send<T extends CommandType>(
    body: CommandBody<T>,
    options: CommandOptions = {},
  ): Promise<CommandValues[T]> {
    const { state, error } = this.getSnapshot();
    if (state === 'closed') return Promise.reject(new RtcDeskError(error ?? 'offline'));
    // The server closes the socket for a frame that is too large, and would get it again on the next one.
    if (byteLength(JSON.stringify(body)) > limits.frameBytes - ID_RESERVE_BYTES) {
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
    let socket: PlatformSocket;
    try {
      const address = this.#platform.resolve('/ws', this.#options.server).replace(/^http/, 'ws');
      socket = this.#platform.openSocket(address);
    } catch {
      // The address is invalid, or this page may not open it. No further attempt can do better.
      this.#finish('offline');
      return;
    }
    this.#socket = socket;
    this.#cancelTimeout = this.#platform.clock.after(CONNECT_TIMEOUT_MS, () =>
      this.#replaceSocket(),
    );
    socket.onopen = () => this.#handshake();
    socket.onmessage = (event) => this.#handleFrame(event.data);
    // An `error` event carries no information, and `close` follows it.
    socket.onclose = (event) => this.#handleClose(event.code, event.reason);
  }

  /** Pending commands follow the hello at once: the server handles one message after the other. */
  #handshake(): void {
    this.#write(this.#options.hello(this.#connection));
    for (const command of this.#pending.commands()) this.#write(command);
  }

  #write(message: object): void {
    // A closing socket takes nothing more. A command stays pending and is sent on the next socket.
    if (this.#socket?.readyState === OPEN) this.#socket.send(JSON.stringify(message));
  }

  #handleFrame(data: unknown): void {
    this.#heartbeat.handleFrame();
    // The board is for the console alone.
    let message: Exclude<ServerMessage, BoardDelivery>;
    try {
      message = JSON.parse(String(data)) as typeof message;
    } catch {
      // This is not the desk, or it is broken: start again on another socket.
      this.#replaceSocket();
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
      case 'chat-read':
      case 'typing':
      case 'drawing':
      case 'pointer':
      case 'device-request':
      case 'device-answer':
        return this.#options.onDelivery(message);
      case 'error':
        // About the hello: the close that follows may have no reason. About a notice: it may be lost anyway.
        if (this.#welcomedAt === null) this.#refusal = message.code;
        this.#retryAfter = message.retryAfter ?? DEFAULT_RETRY_AFTER_SECONDS;
        return;
      case 'pong':
        return;
      default:
        // A newer server may send further messages. What this page must know is in the snapshot.
        message satisfies never;
    }
  }

  #handleWelcome(connection: string): void {
    this.#cancelTimeout?.();
    this.#cancelTimeout = null;
    this.#welcomedAt = this.#platform.clock.now();
    this.#connection = connection;
    this.#offsetKnown = false;
    this.#heartbeat.start();
    this.#store.update({ state: 'online' });
  }

  #handleSnapshot({ rev, now, view }: SnapshotMessage<V>): void {
    if (rev <= this.#rev) return;
    this.#rev = rev;
    // The time on the way makes the offset smaller, never larger: the largest one is the most exact.
    const offset = now - this.#platform.clock.now();
    const known = this.getSnapshot().clockOffset;
    const clockOffset = this.#offsetKnown ? Math.max(known, offset) : offset;
    this.#offsetKnown = true;
    this.#store.update({ view, clockOffset });
  }

  #handleClose(code: number, reason: string): void {
    const error = finalError(code);
    if (error) {
      const isCode = CODE_OF_SEVERAL_WORDS.test(reason);
      return this.#finish(isCode ? (reason as ErrorCode) : (this.#refusal ?? error));
    }
    this.#reconnect(code === CloseCode.RateLimited ? this.#retryAfter : 0);
  }

  #replaceSocket(): void {
    this.#release();
    this.#reconnect();
  }

  #reconnect(retryAfter?: number): void {
    const { clock } = this.#platform;
    const stable = this.#welcomedAt !== null && clock.now() - this.#welcomedAt >= STABLE_MS;
    if (stable) this.#attempt = 0;
    this.#release();
    const { random = Math.random } = this.#options;
    const delay = backoff(this.#attempt++, random, retryAfter);
    this.#cancelRetry = clock.after(delay, () => this.#connect());
    this.#store.update({ state: 'offline' });
  }

  #handleWake(): void {
    if (this.#cancelRetry) {
      this.#cancelRetry();
      this.#connect();
    } else if (this.#welcomedAt !== null) {
      this.#heartbeat.probe();
    }
  }

  #finish(error: ErrorCode | null): void {
    if (this.getSnapshot().state === 'closed') return;
    this.#release();
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    this.#stopWake?.();
    this.#store.update({ state: 'closed', error });
    this.#pending.rejectAll(new RtcDeskError(error ?? 'offline'));
  }

  #release(): void {
    this.#heartbeat.stop();
    this.#cancelTimeout?.();
    this.#cancelTimeout = null;
    this.#welcomedAt = null;
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = null;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

/** Of the UTF-8 of a text without lone surrogates, such as JSON. TextEncoder is not a global of the language. */
function byteLength(json: string): number {
  return encodeURIComponent(json).replace(/%../g, '.').length;
}
