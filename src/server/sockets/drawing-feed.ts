import type { Logger } from 'pino';
import type { Queryable } from '../database/database.ts';
import { readDrawings, type RoomDrawing } from '../drawings/read-drawings.ts';
import { PerRoomTask } from './per-room-task.ts';
import type { RoomPresence } from './room-presence.ts';

/** Delivers drawings to the connections of this node: each the newest one, and none twice. */
export class DrawingFeed {
  readonly #task: PerRoomTask;

  constructor(
    private readonly db: Queryable,
    private readonly presence: RoomPresence,
    private readonly logger: Logger,
  ) {
    this.#task = new PerRoomTask('delivery of a drawing', (room) => this.#deliver([room]), logger);
  }

  /** Resolves when the room's drawing of this moment has been sent, or could not be read. */
  deliver(room: number): Promise<void> {
    return this.presence.inside(room).size > 0 ? this.#task.request(room) : Promise.resolve();
  }

  /** Reads all these rooms at once, and delivers what a lost notice has held back. */
  async catchUp(rooms: readonly number[]): Promise<void> {
    if (rooms.length === 0) return;
    try {
      await this.#deliver(rooms);
    } catch (error) {
      // The next round asks again.
      this.logger.warn({ err: error }, 'the drawings could not be read');
    }
  }

  stop(): void {
    this.#task.stop();
  }

  async #deliver(rooms: readonly number[]): Promise<void> {
    for (const drawn of await readDrawings(this.db, rooms)) this.#tell(drawn);
  }

  #tell({ room, revision, drawing }: RoomDrawing): void {
    // With the participant: it changes without a change of the drawing, when that person comes back.
    const version = `${revision} ${drawing.picture?.participant ?? ''}`;
    for (const connection of this.presence.inside(room)) {
      const entered = connection.rooms.get(room);
      if (!entered || entered.drawingDelivered === version) continue;
      entered.drawingDelivered = version;
      connection.send({ type: 'drawing', room, drawing });
    }
  }
}
