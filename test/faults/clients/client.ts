import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandBody, CommandType } from '../../../src/protocol/client-messages.ts';
import type { ServerMessage } from '../../../src/protocol/server-messages.ts';
import type { AgentView, VisitorView } from '../../../src/protocol/views.ts';
import { ProtocolClient, type HelloBody } from '../../support/protocol-client.ts';
import type { Recorder } from '../recorder.ts';

/** A server to come to, by its name in the history. */
export interface Door {
  readonly name: string;
  readonly url: string;
}

/** In ms. As the browser’s client does it: a server that says nothing for so long is left. */
const PING_EVERY = 2_000;
const SILENCE = 6_000;
const HANDSHAKE = 3_000;
/** Before another try, at least, and half as much again by chance; longer each time, up to the second. */
const COME_BACK_FIRST = 100;
const COME_BACK_LAST = 1_000;
const TRY_AGAIN = 250;

const WORDS = 3;
/** Of how many acknowledged messages one is sent again, as by a page that has not heard of it. */
const SAID_AGAIN = 3;

type Result = Extract<ServerMessage, { type: 'result' }>;

/** One socket, from the opening on. */
interface Line {
  readonly number: number;
  readonly client: ProtocolClient;
  heardAt: number;
  seen: boolean;
}

/**
 * Somebody with a page open: comes back by themselves, to the next server, when their socket ends; sends what
 * was not answered once more, with the same id; and writes down all that they do and see.
 */
export abstract class Person<V extends VisitorView | AgentView> {
  view: V | null = null;
  #line: Line | null = null;
  #wanted = false;
  #coming = false;
  #turn = 0;
  /** Tries in a row that came to nothing. */
  #vain = 0;
  #commands = 0;
  #acknowledged = 0;
  #connection: string | null = null;
  readonly #rooms = new Set<number>();
  readonly #unanswered = new Map<string, CommandBody>();
  readonly #timer: NodeJS.Timeout;

  constructor(
    readonly name: string,
    private readonly doors: readonly Door[],
    protected readonly recorder: Recorder,
  ) {
    this.#timer = setInterval(() => this.#beat(), PING_EVERY);
  }

  /** What this person says of who they are. */
  protected abstract hello(connection: string | null): HelloBody;
  /** A view came; the person does what they always do then. */
  protected abstract react(view: V, line: number): void;

  /** Opens the page, beginning with this door. */
  come(door: number): void {
    this.#wanted = true;
    this.#turn = door;
    void this.#keepComing();
  }

  /** Closes the page; `come` opens it again. */
  leave(): void {
    this.#wanted = false;
    this.#line?.client.cut();
  }

  /** The cable is pulled; the page is still there and comes back. */
  cut(): void {
    this.#line?.client.cut();
  }

  /** Looks at the last view again, as if it had come now. */
  look(): void {
    if (this.#line?.seen && this.view) this.react(this.view, this.#line.number);
  }

  /** Whether a welcome and a view have come over a socket that still stands. */
  get present(): boolean {
    return this.#line?.seen ?? false;
  }

  /** Sends a command, now or as soon as there is a socket, until it is answered. */
  ask(body: CommandBody): void {
    this.#commands += 1;
    const id = `${this.name.replace(' ', '-')}-${this.#commands}`;
    this.#unanswered.set(id, body);
    if (this.present) this.#send(id, body);
  }

  /** Whether a command of this type is still without an answer. */
  waitsFor(type: CommandType): boolean {
    return [...this.#unanswered.values()].some((body) => body.type === type);
  }

  /** Forgets what was not answered, as a page does that is loaded anew. */
  protected forgetCommands(): void {
    this.#unanswered.clear();
  }

  /** Writes a few messages, none of which waits for the one before. */
  protected say(room: number): void {
    for (let count = 0; count < WORDS; count += 1) {
      const messageId = randomUUID();
      this.ask({ type: 'chat-send', room, messageId, text: `${count} from ${this.name}` });
    }
  }

  /** Asks for all that was said in every room that this person was in. */
  readConversations(): void {
    for (const room of this.#rooms) this.ask({ type: 'chat-history', room, after: 0 });
  }

  /** Goes home for good. */
  dispose(): void {
    clearInterval(this.#timer);
    this.leave();
  }

  async #keepComing(): Promise<void> {
    if (this.#coming) return;
    this.#coming = true;
    while (this.#wanted && !this.#line) {
      const door = this.doors[this.#turn % this.doors.length];
      this.#turn += 1;
      if (door) await this.#comeThrough(door);
      if (!this.#line) await this.#rest();
    }
    this.#coming = false;
  }

  /** Also after a socket that stood and ended before it had shown anything. */
  async #rest(): Promise<void> {
    const pause = Math.min(COME_BACK_FIRST * 2 ** this.#vain, COME_BACK_LAST);
    this.#vain += 1;
    await delay(pause * (1 + Math.random() / 2));
  }

  async #comeThrough(door: Door): Promise<void> {
    const client = await ProtocolClient.open(door.url, { handshakeTimeout: HANDSHAKE });
    if (client.closed) return;
    if (!this.#wanted) return client.cut();
    const line: Line = {
      number: this.recorder.nextSocket(),
      client,
      heardAt: performance.now(),
      seen: false,
    };
    this.#line = line;
    client.socket.on('message', (data: Buffer) => this.#hear(line, data.toString('utf8')));
    client.socket.once('close', () => this.#lose(line));
    const hello = this.hello(this.#connection);
    const resumes = hello.role === 'visitor' && hello.resume !== undefined;
    this.recorder.add({ kind: 'greeted', ...this.#over(line), node: door.name, resumes });
    client.hello(hello);
  }

  #over(line: Line): { readonly who: string; readonly socket: number } {
    return { who: this.name, socket: line.number };
  }

  #lose(line: Line): void {
    this.recorder.add({ kind: 'lost', ...this.#over(line) });
    if (this.#line !== line) return;
    this.#line = null;
    void this.#rest().then(() => this.#keepComing());
  }

  #hear(line: Line, frame: string): void {
    if (this.#line !== line) return;
    line.heardAt = performance.now();
    // The client keeps every message; a run is long.
    line.client.frames.length = 0;
    line.client.messages.length = 0;
    const message = JSON.parse(frame) as ServerMessage;
    switch (message.type) {
      case 'welcome':
        this.#connection = message.connection;
        return this.recorder.add({ kind: 'joined', ...this.#over(line) });
      case 'snapshot': {
        const view = message.view as V;
        this.recorder.add({ kind: 'saw', ...this.#over(line), rev: message.rev, view });
        this.view = view;
        this.react(view, line.number);
        if (!line.seen) {
          line.seen = true;
          this.#vain = 0;
          for (const [id, body] of this.#unanswered) this.#send(id, body);
        }
        return;
      }
      case 'chat': {
        const { room, messages } = message;
        return this.recorder.add({ kind: 'heard', ...this.#over(line), room, messages });
      }
      case 'result':
        return this.#take(line, message);
    }
  }

  #take(line: Line, result: Result): void {
    const { id } = result;
    const body = this.#unanswered.get(id);
    const answer = result.ok
      ? ({ ok: true, value: result.value } as const)
      : ({ ok: false, code: result.code } as const);
    this.recorder.add({ kind: 'answered', ...this.#over(line), id, answer });
    if (!body) return;
    const again = !result.ok && (result.code === 'server-error' || result.code === 'rate-limited');
    if (again) {
      setTimeout(() => {
        if (this.present && this.#unanswered.has(id)) this.#send(id, body);
      }, TRY_AGAIN).unref();
      return;
    }
    this.#unanswered.delete(id);
    if (result.ok && body.type === 'enter-room') this.#rooms.add(body.room);
    if (result.ok && body.type === 'chat-send') {
      this.#acknowledged += 1;
      if (this.#acknowledged % SAID_AGAIN === 0) this.ask(body);
    }
  }

  #send(id: string, body: CommandBody): void {
    const line = this.#line;
    if (!line || line.client.closed) return;
    this.recorder.add({ kind: 'sent', ...this.#over(line), id, body });
    line.client.sendRaw(JSON.stringify({ ...body, id }));
  }

  #beat(): void {
    const line = this.#line;
    if (!line) return;
    if (performance.now() - line.heardAt > SILENCE) return line.client.cut();
    if (line.seen) line.client.send({ type: 'ping' });
  }
}
