import { randomUUID } from 'node:crypto';
import type { Command, Hello, Notice } from '../../protocol/client-messages.ts';
import { CloseCode } from '../../protocol/close-codes.ts';
import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import { DatabaseUnavailable } from '../database/database-unavailable.ts';
import type { LastWord } from '../presence/view-reading.ts';
import { RetryLaterError } from '../rate-limits/retry-later-error.ts';
import type { MessageAllowance } from './message-allowance.ts';
import { parseMessage, type ParsedMessage } from './message-parser.ts';
import { SnapshotOutbox } from './snapshot-outbox.ts';
import type { Socket } from './socket.ts';
import type { SocketOrigin } from './allowed-origin.ts';
import { identityOf, type EnteredRoom, type Viewer } from './viewer.ts';

/** Where a socket comes from: what it says, and what can be known. */
export interface Arrival extends SocketOrigin {
  /** What counts as its address (guard/address-key.ts). */
  readonly address: string;
}

/** What a connection asks of the node that it belongs to. All may reject with an RtcDeskError. */
export interface ConnectionOwner {
  /** False while this node may have been declared dead: then nothing that a client says is acted upon. */
  readonly alive: boolean;
  /** Answers who this is, after the connection's row stands in the database. */
  greet(connection: Connection, hello: Hello): Promise<Viewer>;
  /** Called once after the greeting, when the welcome has been sent. */
  greeted(connection: Connection): void;
  command(connection: Connection, command: Command): Promise<unknown>;
  notice(connection: Connection, notice: Notice): Promise<void>;
  /** Called once, when the socket is gone. */
  ended(connection: Connection): void;
  /** An error that is no RtcDeskError: logged by the owner, told to the client as `server-error`. */
  failed(connection: Connection, error: unknown): void;
  allowanceOf(connection: Connection): MessageAllowance;
  count(direction: 'received' | 'sent' | 'closed', name: string): void;
  countSlowReader(): void;
}

/** A client that sends faster than this is worked off is sent away: so many messages, so many characters. */
const WAITING_MESSAGES = 256;
const WAITING_LENGTH = 2 * 1024 * 1024;
/** When it may come back, in seconds: by then what waited has been worked off. */
const SENT_AWAY = 5;
/** A reader that lets this much pile up is cut off; in bytes. */
const BUFFERED_BYTES = 1024 * 1024;

const HELLO_CLOSE_CODES: Partial<Record<ErrorCode, CloseCode>> = {
  unauthorized: CloseCode.Unauthorized,
  'unknown-site': CloseCode.Forbidden,
  'origin-not-allowed': CloseCode.Forbidden,
  forbidden: CloseCode.Forbidden,
  'not-found': CloseCode.Forbidden,
  'unsupported-protocol': CloseCode.UnsupportedProtocol,
  'bad-message': CloseCode.BadRequest,
  'invalid-params': CloseCode.BadRequest,
  'rate-limited': CloseCode.RateLimited,
};

/** One client's socket, from its first frame to its end. Messages are worked off one after another. */
export class Connection {
  readonly id = randomUUID();
  readonly snapshots: SnapshotOutbox;
  /** Null until the hello was accepted. */
  viewer: Viewer | null = null;
  /** Set by `enter-room`, cleared by `leave-room` or when the room no longer counts it in. */
  entered: EnteredRoom | null = null;
  /** The sequence of the last chat message that was delivered here. */
  chatDelivered = 0;

  readonly #waiting: { readonly parsed: ParsedMessage; readonly length: number }[] = [];
  #waitingLength = 0;
  readonly #allowance: MessageAllowance;
  #working = false;
  #greeting = false;
  #ended = false;

  constructor(
    private readonly socket: Socket,
    readonly from: Arrival,
    private readonly owner: ConnectionOwner,
  ) {
    this.#allowance = owner.allowanceOf(this);
    this.snapshots = new SnapshotOutbox((frame, flushed) =>
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
    this.owner.count('received', type);
    const wait =
      parsed.kind === 'refused'
        ? 0
        : this.#allowance.take(type, this.viewer && identityOf(this.viewer));
    if (wait > 0) {
      const id = parsed.kind === 'command' ? parsed.message.id : null;
      this.#refuse(id, 'rate-limited', 'Too many messages of this type.', wait);
      return;
    }
    this.#waitingLength += frame.length;
    if (this.#waiting.length >= WAITING_MESSAGES || this.#waitingLength > WAITING_LENGTH) {
      this.#answer(null, 'rate-limited', 'Too many messages at once.', SENT_AWAY);
      this.close(CloseCode.RateLimited, 'rate-limited');
      return;
    }
    this.#waiting.push({ parsed, length: frame.length });
    void this.#work();
  }

  /** A binary frame arrived: nothing of ours is binary. */
  handleBinary(): void {
    this.owner.count('received', 'refused');
    if (this.viewer) this.#refuse(null, 'bad-message', 'Binary frames are not understood.');
    else this.close(CloseCode.BadRequest, 'bad-message');
  }

  /** A ping of the WebSocket protocol arrived; false where it is not to be answered, and the socket may be closed. */
  handlePing(): boolean {
    if (this.#ended) return false;
    const wait = this.#allowance.take('ping', this.viewer && identityOf(this.viewer));
    if (wait > 0) this.#refuse(null, 'rate-limited', 'Too many pings.', wait);
    return wait === 0;
  }

  /** No hello came in time. */
  handleHelloTimeout(): void {
    if (!this.viewer && !this.#greeting) this.close(CloseCode.HelloTimeout, 'bad-message');
  }

  /** The socket is gone, whoever ended it. */
  handleEnd(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting.length = 0;
    this.#waitingLength = 0;
    this.owner.ended(this);
  }

  /** Whether all that was said in the room that it is in, up to that word, has been delivered. */
  hasHeard(last: LastWord | null): boolean {
    return last?.room === this.entered?.room && (last?.sequence ?? 0) <= this.chatDelivered;
  }

  send(message: ServerMessage): void {
    this.#write(message.type, JSON.stringify(message));
  }

  /** Sends a message that was put into text already, once for many connections. */
  sendFrame(type: ServerMessage['type'], frame: string): void {
    this.#write(type, frame);
  }

  close(code: CloseCode, reason: ErrorCode): void {
    if (this.#ended) return;
    this.owner.count('closed', String(code));
    this.socket.close(code, reason);
    this.handleEnd();
  }

  /** Ends the socket of a peer that does not read, without a word that it would not read either. */
  cutOff(): void {
    if (this.#ended) return;
    this.owner.countSlowReader();
    this.socket.terminate();
    this.handleEnd();
  }

  #write(type: ServerMessage['type'], frame: string, flushed?: () => void): void {
    if (this.#ended) return;
    if (this.socket.bufferedBytes() + frame.length > BUFFERED_BYTES) return this.cutOff();
    this.owner.count('sent', type);
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
    if (!this.owner.alive) return this.#sendBack();
    if (parsed.kind === 'refused') {
      if (this.viewer) this.#refuse(parsed.id, parsed.code, parsed.reason);
      else this.#refuseHello(parsed.code, parsed.reason);
      return;
    }
    if (parsed.kind === 'hello') return this.#greet(parsed.message);
    if (!this.viewer) return this.#refuseHello('bad-message', 'The first message is a hello.');
    if (parsed.kind === 'notice') return this.owner.notice(this, parsed.message);
    const value = await this.owner.command(this, parsed.message);
    this.send({ type: 'result', id: parsed.message.id, ok: true, value: value ?? null });
  }

  async #greet(hello: Hello): Promise<void> {
    if (this.viewer) return this.#refuse(null, 'bad-message', 'The hello was said already.');
    this.#greeting = true;
    this.viewer = await this.owner.greet(this, hello);
    if (this.#ended) return;
    this.send({ type: 'welcome', connection: this.id });
    this.owner.greeted(this);
  }

  /** The client sends again, there, whatever has no result yet. */
  #sendBack(): void {
    this.close(CloseCode.ServiceRestart, 'offline');
  }

  #answerFailure(parsed: ParsedMessage, error: unknown): void {
    // Whether it was done nobody knows; and what it was, done twice, is done once.
    if (error instanceof DatabaseUnavailable && error.reason === 'away') return this.#sendBack();
    const known = error instanceof RtcDeskError;
    if (!known) this.owner.failed(this, error);
    const code = known ? error.code : 'server-error';
    const message = known ? error.message : 'Something broke on the server.';
    const retryAfter = error instanceof RetryLaterError ? error.retryAfter : undefined;
    if (parsed.kind === 'hello') return this.#refuseHello(code, message, retryAfter);
    const id = parsed.kind === 'command' ? parsed.message.id : null;
    // A command's refusal is an answer like any other, and a signal for somebody who has just left is
    // nobody's fault; only what a correct client never does counts against this one.
    if (parsed.kind === 'notice' && code === 'forbidden') this.#refuse(id, code, message);
    else this.#answer(id, code, message, retryAfter);
  }

  /** Answers, and sends away who keeps sending what has to be refused. */
  #refuse(id: string | null, code: ErrorCode, message: string, retryAfter?: number): void {
    this.#answer(id, code, message, retryAfter);
    if (this.#allowance.takeRefusal()) return;
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
