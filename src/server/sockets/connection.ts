import { randomUUID } from 'node:crypto';
import type { Command, Hello, Notice } from '../../protocol/client-messages.ts';
import { CloseCode } from '../../protocol/close-codes.ts';
import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import { DatabaseUnavailable } from '../database/database-unavailable.ts';
import { RetryLaterError } from '../rate-limits/retry-later-error.ts';
import type { SocketOrigin } from './allowed-origin.ts';
import { parseMessage, type ParsedMessage } from './message-parser.ts';
import type { MessageRateLimit } from './message-rate-limit.ts';
import { SnapshotSender } from './snapshot-sender.ts';
import type { SocketMetrics } from './socket-metrics.ts';
import type { Socket } from './socket.ts';
import { identityOf, type EnteredRoom, type Viewer } from './viewer.ts';

/** If a socket comes from: what it says itself, and the address that the server sees. */
interface ConnectionOrigin extends SocketOrigin {
  /** What counts as one address (rate-limits/address-key.ts). */
  readonly address: string;
  /** The Cookie header of the upgrade. */
  readonly cookie: string | undefined;
}

/** What a connection asks of its node. All promises may reject with an RtcDeskError. */
export interface ConnectionOwner {
  /** False while this node may have been declared dead: then no message is acted upon. */
  readonly alive: boolean;
  /** Answers with who this is, when the connection's row is in the database. */
  handshake(connection: Connection, hello: Hello): Promise<Viewer>;
  /** Called once after the handshake, when the welcome has been sent. */
  welcomed(connection: Connection): void;
  command(connection: Connection, command: Command): Promise<unknown>;
  /** Resolves when the view that the command has changed was sent. Null if the command changes no view. */
  showEffect(connection: Connection, command: Command): Promise<void> | null;
  notice(connection: Connection, notice: Notice): Promise<void>;
  /** Called once, when the socket is gone. */
  ended(connection: Connection): void;
  /** An error that is no RtcDeskError: the owner logs it, the client is told `server-error`. */
  failed(connection: Connection, error: unknown): void;
  /** The socket of a peer that does not read was ended: the owner logs it. */
  cutOff(connection: Connection, bufferedBytes: number): void;
  rateLimitOf(connection: Connection): MessageRateLimit;
  readonly metrics: SocketMetrics;
}

/** A client that sends faster than its messages are handled is closed: so many of them, so many characters. */
const MAX_WAITING_MESSAGES = 256;
const MAX_WAITING_LENGTH = 2 * 1024 * 1024;
/** When it may come back: the messages that waited have been handled by then. */
const OVERLOAD_RETRY_SECONDS = 5;
/**
 * A peer that lets more than this pile up is cut off at the next frame. The size of that frame does not count: a
 * reader who has taken everything before is not slow.
 */
const MAX_BUFFERED_BYTES = 1024 * 1024;

const HELLO_CLOSE_CODES: Partial<Record<ErrorCode, CloseCode>> = {
  unauthorized: CloseCode.Unauthorized,
  'invalid-identity': CloseCode.Unauthorized,
  'unknown-site': CloseCode.Forbidden,
  'origin-not-allowed': CloseCode.Forbidden,
  forbidden: CloseCode.Forbidden,
  'not-found': CloseCode.Forbidden,
  'unsupported-protocol': CloseCode.UnsupportedProtocol,
  'bad-message': CloseCode.BadRequest,
  'invalid-params': CloseCode.BadRequest,
  'rate-limited': CloseCode.RateLimited,
  'handed-over': CloseCode.SignedInElsewhere,
};

/** One client's socket, from its first frame to its end. Messages are handled one after another. */
export class Connection {
  readonly id = randomUUID();
  readonly snapshots: SnapshotSender;
  /** Null until the hello was accepted. */
  viewer: Viewer | null = null;
  /** By room number: entered by `enter-room`, until `leave-room` or until the view no longer opens the room. */
  readonly rooms = new Map<number, EnteredRoom>();
  /** When the security log was told that a past call is read here (ms since 1970), by the call's id. */
  readonly toldReadings = new Map<string, number>();

  readonly #waiting: { readonly parsed: ParsedMessage; readonly length: number }[] = [];
  #waitingLength = 0;
  readonly #rateLimit: MessageRateLimit;
  #working = false;
  #handshaking = false;
  #ended = false;

  constructor(
    private readonly socket: Socket,
    readonly origin: ConnectionOrigin,
    private readonly owner: ConnectionOwner,
  ) {
    this.#rateLimit = owner.rateLimitOf(this);
    this.snapshots = new SnapshotSender((frame, flushed) =>
      this.#write('snapshot', frame, flushed),
    );
  }

  get ended(): boolean {
    return this.#ended;
  }

  get bufferedBytes(): number {
    return this.socket.bufferedBytes();
  }

  /** A text frame arrived. */
  handleFrame(frame: string): void {
    if (this.#ended) return;
    const parsed = parseMessage(frame);
    const type = parsed.kind === 'refused' ? 'refused' : parsed.message.type;
    this.owner.metrics.countReceived(type);
    const wait =
      parsed.kind === 'refused'
        ? 0
        : this.#rateLimit.take(type, this.viewer && identityOf(this.viewer));
    if (wait > 0) {
      const id = parsed.kind === 'command' ? parsed.message.id : null;
      this.#refuse(id, 'rate-limited', 'Too many messages of this type.', wait);
      return;
    }
    this.#waitingLength += frame.length;
    if (this.#waiting.length >= MAX_WAITING_MESSAGES || this.#waitingLength > MAX_WAITING_LENGTH) {
      this.#answer(null, 'rate-limited', 'Too many messages at once.', OVERLOAD_RETRY_SECONDS);
      this.close(CloseCode.RateLimited, 'rate-limited');
      return;
    }
    this.#waiting.push({ parsed, length: frame.length });
    void this.#work();
  }

  /** A binary frame arrived: the protocol has none. */
  handleBinary(): void {
    this.owner.metrics.countReceived('refused');
    if (this.viewer) this.#refuse(null, 'bad-message', 'Binary frames are not understood.');
    else this.close(CloseCode.BadRequest, 'bad-message');
  }

  /** A ping of the WebSocket protocol arrived. False if it must not be answered; the socket may be closed then. */
  handlePing(): boolean {
    if (this.#ended) return false;
    const wait = this.#rateLimit.take('ping', this.viewer && identityOf(this.viewer));
    if (wait > 0) this.#refuse(null, 'rate-limited', 'Too many pings.', wait);
    return wait === 0;
  }

  /** No hello came in time. */
  handleHelloTimeout(): void {
    if (!this.viewer && !this.#handshaking) this.close(CloseCode.HelloTimeout, 'bad-message');
  }

  /** The socket is gone, whichever side ended it. */
  handleEnd(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting.length = 0;
    this.#waitingLength = 0;
    this.owner.ended(this);
  }

  send(message: ServerMessage): void {
    this.#write(message.type, JSON.stringify(message));
  }

  /** Sends a message that is text already. `flushed` is called when it has left this process. */
  sendFrame(type: ServerMessage['type'], frame: string, flushed?: () => void): void {
    this.#write(type, frame, flushed);
  }

  close(code: CloseCode, reason: ErrorCode): void {
    if (this.#ended) return;
    this.owner.metrics.countClosed(String(code));
    this.socket.close(code, reason);
    this.handleEnd();
  }

  /** Ends the socket of a peer that does not read. It would not read a close frame either. */
  cutOff(): void {
    if (this.#ended) return;
    this.owner.metrics.countSlowReader();
    this.owner.cutOff(this, this.socket.bufferedBytes());
    this.socket.terminate();
    this.handleEnd();
  }

  #write(type: ServerMessage['type'], frame: string, flushed?: () => void): void {
    if (this.#ended) return;
    if (this.socket.bufferedBytes() > MAX_BUFFERED_BYTES) return this.cutOff();
    this.owner.metrics.countSent(type);
    this.socket.send(frame, flushed);
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      try {
        await this.#handle(next.parsed);
      } catch (error) {
        this.#answerFailure(next.parsed, error);
      }
      this.#waitingLength -= next.length;
    }
    this.#working = false;
  }

  async #handle(parsed: ParsedMessage): Promise<void> {
    if (!this.owner.alive) return this.#sendElsewhere();
    if (parsed.kind === 'refused') {
      if (this.viewer) this.#refuse(parsed.id, parsed.code, parsed.reason);
      else this.#refuseHello(parsed.code, parsed.reason);
      return;
    }
    if (parsed.kind === 'hello') return this.#handshake(parsed.message);
    if (!this.viewer) return this.#refuseHello('bad-message', 'The first message is a hello.');
    if (parsed.kind === 'notice') return this.owner.notice(this, parsed.message);
    const value = (await this.owner.command(this, parsed.message)) ?? null;
    const result = { type: 'result', id: parsed.message.id, ok: true, value } as const;
    // The next message does not wait for the view.
    const shown = this.owner.showEffect(this, parsed.message);
    if (shown) void shown.then(() => this.send(result));
    else this.send(result);
  }

  async #handshake(hello: Hello): Promise<void> {
    if (this.viewer) return this.#refuse(null, 'bad-message', 'The hello was said already.');
    this.#handshaking = true;
    this.viewer = await this.owner.handshake(this, hello);
    if (this.#ended) return;
    this.send({ type: 'welcome', connection: this.id });
    this.owner.welcomed(this);
  }

  /** The client comes back, here or to another node, and sends again what has no result yet. */
  #sendElsewhere(): void {
    this.close(CloseCode.ServiceRestart, 'offline');
  }

  #answerFailure(parsed: ParsedMessage, error: unknown): void {
    // Whether the command was carried out is unknown. Sending it again is safe.
    if (error instanceof DatabaseUnavailable && error.reason === 'away') {
      return this.#sendElsewhere();
    }
    const known = error instanceof RtcDeskError;
    if (!known) this.owner.failed(this, error);
    const code = known ? error.code : 'server-error';
    const message = known ? error.message : 'Something broke on the server.';
    const retryAfter = error instanceof RetryLaterError ? error.retryAfter : undefined;
    if (parsed.kind === 'hello') return this.#refuseHello(code, message, retryAfter);
    const id = parsed.kind === 'command' ? parsed.message.id : null;
    // Only what a correct client never does counts towards the limit of refusals. A command may be refused, and a
    // signal may be for somebody who has just left.
    if (parsed.kind === 'notice' && code === 'forbidden') this.#refuse(id, code, message);
    else this.#answer(id, code, message, retryAfter);
  }

  /** Answers, and closes the socket after too many refusals. */
  #refuse(id: string | null, code: ErrorCode, message: string, retryAfter?: number): void {
    this.#answer(id, code, message, retryAfter);
    if (this.#rateLimit.takeRefusal()) return;
    if (code === 'rate-limited') this.close(CloseCode.RateLimited, 'rate-limited');
    else this.close(CloseCode.BadRequest, 'bad-message');
  }

  #answer(id: string | null, code: ErrorCode, message: string, retryAfter?: number): void {
    const refusal = { code, message, ...(retryAfter !== undefined && { retryAfter }) };
    if (id === null) this.send({ type: 'error', ...refusal });
    else this.send({ type: 'result', id, ok: false, ...refusal });
  }

  #refuseHello(code: ErrorCode, message: string, retryAfter?: number): void {
    this.#answer(null, code, message, retryAfter);
    this.close(HELLO_CLOSE_CODES[code] ?? CloseCode.InternalError, code);
  }
}
