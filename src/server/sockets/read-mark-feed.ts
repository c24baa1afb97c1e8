import type { Logger } from 'pino';
import type { ReadMark } from '../../protocol/views.ts';
import { PerRoomTask } from './per-room-task.ts';
import type { RoomPresence } from './room-presence.ts';

/** Tells the connections of this node which read marks have grown. A room is read once for all connections in it. */
export class ReadMarkFeed {
  readonly #task: PerRoomTask;

  constructor(
    private readonly presence: RoomPresence,
    read: (room: number) => Promise<readonly ReadMark[]>,
    logger: Logger,
  ) {
    const tell = async (room: number): Promise<void> => {
      if (presence.inside(room).size > 0) this.tell(room, await read(room));
    };
    this.#task = new PerRoomTask('delivery of read marks', tell, logger);
  }

  /** Resolves when the marks set before this moment have been told, or could not be read. */
  deliver(room: number): Promise<void> {
    return this.#task.request(room);
  }

  /** Tells each connection those of the room's marks that have grown since it was last told. */
  tell(room: number, marks: readonly ReadMark[]): void {
    for (const connection of this.presence.inside(room)) {
      const told = connection.rooms.get(room)?.readMarks;
      if (!told) continue;
      const grown = marks.filter(
        ({ participant, sequence }) => sequence > (told.get(participant) ?? 0),
      );
      if (grown.length === 0) continue;
      for (const { participant, sequence } of grown) told.set(participant, sequence);
      connection.send({ type: 'chat-read', room, marks: grown });
    }
  }

  stop(): void {
    this.#task.stop();
  }
}
