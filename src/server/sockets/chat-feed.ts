import type { Logger } from 'pino';
import type { ChatMessage } from '../../protocol/views.ts';
import type { RoomPresence } from './room-presence.ts';

export type ReadMessages = (room: number, after: number) => Promise<readonly ChatMessage[]>;

const RETRY = 500;

/**
 * Delivers new chat messages to the connections of this node: one read for a room, however many are
 * in it, and never two reads of a room at a time, so that each gets them in order and none twice.
 */
export class ChatFeed {
  readonly #busy = new Map<number, { again: boolean; done: Promise<void> }>();
  readonly #retries = new Map<number, NodeJS.Timeout>();
  #stopped = false;

  constructor(
    private readonly presence: RoomPresence,
    private readonly read: ReadMessages,
    private readonly logger: Logger,
  ) {}

  /** Something may have been written in this room. */
  deliver(room: number): void {
    if (!this.#retries.has(room)) void this.drain(room);
  }

  /** Resolves when all that was written before this moment has been sent, or could not be read. */
  drain(room: number): Promise<void> {
    if (this.#stopped || this.presence.inside(room).size === 0) return Promise.resolve();
    const busy = this.#busy.get(room);
    if (busy) {
      busy.again = true;
      return busy.done;
    }
    const state = { again: true, done: Promise.resolve() };
    this.#busy.set(room, state);
    state.done = this.#run(room, state);
    return state.done;
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#retries.values()) clearTimeout(timer);
    this.#retries.clear();
  }

  async #run(room: number, state: { again: boolean }): Promise<void> {
    try {
      while (state.again && !this.#stopped) {
        state.again = false;
        // A full page may have another behind it.
        if ((await this.#deliverPage(room)) > 0) state.again = true;
      }
    } catch (error) {
      this.logger.warn({ err: error, room }, 'chat messages could not be read');
      this.#retryLater(room);
    } finally {
      this.#busy.delete(room);
    }
  }

  async #deliverPage(room: number): Promise<number> {
    const inside = [...this.presence.inside(room)];
    if (inside.length === 0) return 0;
    const after = Math.min(...inside.map(({ chatDelivered }) => chatDelivered));
    const messages = await this.read(room, after);
    const last = messages.at(-1);
    if (!last) return 0;
    const frames = new Map<number, string>();
    for (const connection of inside) {
      if (connection.entered?.room !== room || connection.chatDelivered >= last.sequence) continue;
      const from = connection.chatDelivered;
      connection.chatDelivered = last.sequence;
      const frame = frames.get(from) ?? chatFrame(room, messages, from);
      frames.set(from, frame);
      connection.sendFrame('chat', frame);
    }
    return messages.length;
  }

  #retryLater(room: number): void {
    if (this.#stopped) return;
    const timer = setTimeout(() => {
      this.#retries.delete(room);
      this.deliver(room);
    }, RETRY);
    this.#retries.set(room, timer);
  }
}

function chatFrame(room: number, messages: readonly ChatMessage[], after: number): string {
  const fresh = messages.filter(({ sequence }) => sequence > after);
  return JSON.stringify({ type: 'chat', room, messages: fresh });
}
