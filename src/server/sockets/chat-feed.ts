import type { Logger } from 'pino';
import type { ChatMessage } from '../../protocol/views.ts';
import type { MessagePage } from '../chat/read-messages.ts';
import { PerRoomTask } from './per-room-task.ts';
import type { RoomPresence } from './room-presence.ts';

type ReadMessagePage = (room: number, after: number) => Promise<MessagePage>;

/**
 * Delivers new chat messages to the connections of this node. A room is read once for all connections in it, and
 * never twice at a time, so that each connection gets the messages in order and none twice.
 */
export class ChatFeed {
  readonly #task: PerRoomTask;

  constructor(
    private readonly presence: RoomPresence,
    private readonly read: ReadMessagePage,
    logger: Logger,
  ) {
    this.#task = new PerRoomTask('chat delivery', (room) => this.#deliverRoom(room), logger);
  }

  /** Resolves when the messages written before this moment have been sent, or could not be read. */
  deliver(room: number): Promise<void> {
    return this.#task.request(room);
  }

  /** The room's last message is this one: delivers it if a connection has not got it. */
  async catchUp(room: number, lastSequence: number): Promise<void> {
    if (this.#lowestDelivered(room) < lastSequence) await this.deliver(room);
  }

  stop(): void {
    this.#task.stop();
  }

  async #deliverRoom(room: number): Promise<void> {
    for (let more = true; more;) {
      const after = this.#lowestDelivered(room);
      if (after === Infinity) return;
      const page = await this.read(room, after);
      this.#send(room, page.messages);
      more = page.more;
    }
  }

  #send(room: number, messages: readonly ChatMessage[]): void {
    const last = messages.at(-1);
    if (!last) return;
    const frames = new Map<number, string>();
    for (const connection of this.presence.inside(room)) {
      const entered = connection.rooms.get(room);
      if (!entered || entered.chatDelivered >= last.sequence) continue;
      const from = entered.chatDelivered;
      entered.chatDelivered = last.sequence;
      const frame = frames.get(from) ?? chatFrame(room, messages, from);
      frames.set(from, frame);
      connection.sendFrame('chat', frame);
    }
  }

  /** The last message that every connection in the room has; Infinity if nobody is in it. */
  #lowestDelivered(room: number): number {
    let lowest = Infinity;
    for (const { rooms } of this.presence.inside(room)) {
      lowest = Math.min(lowest, rooms.get(room)?.chatDelivered ?? Infinity);
    }
    return lowest;
  }
}

function chatFrame(room: number, messages: readonly ChatMessage[], after: number): string {
  const fresh = messages.filter(({ sequence }) => sequence > after);
  return JSON.stringify({ type: 'chat', room, messages: fresh });
}
