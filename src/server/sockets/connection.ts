import { randomUUID } from 'node:crypto';
import type { Command, Hello, Notice } from '../../protocol/client-messages.ts';
import { CloseCode } from '../../protocol/close-codes.ts';
import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import type { ServerMessage } from '../../protocol/server-messages.ts';
import { DatabaseUnavailable } from '../database/database-unavailable.ts';
import { MessageAllowance } from './message-allowance.ts';
import { parseMessage, type ParsedMessage } from './message-parser.ts';
import { SnapshotOutbox } from './snapshot-outbox.ts';
import type { Socket } from './socket.ts';
import type { SocketOrigin } from './allowed-origin.ts';
import type { EnteredRoom, Viewer } from './viewer.ts';

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
  count(direction: 'received' | 'sent' | 'closed', name: string): void;
  countSlowReader(): void;
}

/** A client that sends faster than this is worked off is sent away. */
const WAITING_MESSAGES = 256;
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

  readonly #waiting: ParsedMessage[] = [];
  readonly #allowance = new MessageAllowance();
  #working = false;
  #greeting = false;
  #ended = false;

  constructor(
    private readonly socket: Socket,
    readonly from: SocketOrigin,
    private readonly owner: ConnectionOwner,
  ) {
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
    if (parsed.kind !== 'refused' && !this.#allowance.take(type, performance.now())) {
      const id = parsed.kind === 'command' ? parsed.message.id : null;
      this.#refuse(id, 'rate-limited', 'Too many messages of this type.');
      return;
    }
    if (this.#waiting.length >= WAITING_MESSAGES) {
      this.close(CloseCode.RateLimited, 'rate-limited');
      return;
    }
    this.#waiting.push(parsed);
    void this.#work();
  }

  /** A binary frame arrived: nothing of ours is binary. */
  handleBinary(): void {
    this.owner.count('received', 'refused');
    if (this.viewer) this.#refuse(null, 'bad-message', 'Binary frames are not understood.');
    else this.close(CloseCode.BadRequest, 'bad-message');
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
    this.owner.ended(this);
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

  #write(type: ServerMessage['type'], frame: string, flushed?: () => void): void {
    if (this.#ended) return;
    if (this.socket.bufferedBytes() + frame.length > BUFFERED_BYTES) {
      this.owner.countSlowReader();
      this.socket.terminate();
      this.handleEnd();
      return;
    }
    this.owner.count('sent', type);
    this.socket.send(frame, flushed);
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      try {
        await this.#handle(next);
      } catch (error) {
        this.#answerFailure(next, error);
      }
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
    if (parsed.kind === 'hello') return this.#refuseHello(code, message);
    const id = parsed.kind === 'command' ? parsed.message.id : null;
    // A command's refusal is an answer like any other, and a signal for somebody who has just left is
    // nobody's fault; only what a correct client never does counts against this one.
    if (parsed.kind === 'notice' && code === 'forbidden') this.#refuse(id, code, message);
    else this.#answer(id, code, message);
  }

  /** Answers, and sends away who keeps sending what has to be refused. */
  #refuse(id: string | null, code: ErrorCode, message: string): void {
    this.#answer(id, code, message);
    if (this.#allowance.takeRefusal(performance.now())) return;
    if (code === 'rate-limited') this.close(CloseCode.RateLimited, 'rate-limited');
    else this.close(CloseCode.BadRequest, 'bad-message');
  }

  #answer(id: string | null, code: ErrorCode, message: string): void {
    if (id === null) this.send({ type: 'error', code, message });
    else this.send({ type: 'result', id, ok: false, code, message });
  }

  #refuseHello(code: ErrorCode, message: string): void {
    this.send({ type: 'error', code, message });
    this.close(HELLO_CLOSE_CODES[code] ?? CloseCode.InternalError, code);
  }
}
