import type { Logger } from 'pino';
import { readChatProgress, readMarks } from '../chat/read-chat-progress.ts';
import { readMessagePage } from '../chat/read-messages.ts';
import type { Queryable } from '../database/database.ts';
import { ChatFeed } from './chat-feed.ts';
import { ReadMarkFeed } from './read-mark-feed.ts';
import type { RoomPresence } from './room-presence.ts';

/** The chat of the rooms in which connections of this node are: messages and read marks. */
export class RoomChat {
  readonly #messages: ChatFeed;
  readonly #readMarks: ReadMarkFeed;

  constructor(
    private readonly db: Queryable,
    presence: RoomPresence,
    private readonly logger: Logger,
  ) {
    this.#messages = new ChatFeed(
      presence,
      (room, after) => readMessagePage(db, { room, after }),
      logger,
    );
    this.#readMarks = new ReadMarkFeed(presence, (room) => readMarks(db, room), logger);
  }

  /** Resolves when the messages written before this moment have been sent, or could not be read. */
  deliver(room: number): Promise<void> {
    return this.#messages.deliver(room);
  }

  deliverReadMarks(room: number): Promise<void> {
    return this.#readMarks.deliver(room);
  }

  /** Asks once for all these rooms what is new in them, and delivers what a lost notice has held back. */
  async catchUp(rooms: readonly number[]): Promise<void> {
    if (rooms.length === 0) return;
    try {
      for (const { room, lastSequence, readMarks } of await readChatProgress(this.db, rooms)) {
        void this.#messages.catchUp(room, lastSequence);
        this.#readMarks.tell(room, readMarks);
      }
    } catch (error) {
      // The next round asks again.
      this.logger.warn({ err: error }, 'the progress of chats could not be read');
    }
  }

  stop(): void {
    this.#messages.stop();
    this.#readMarks.stop();
  }
}
