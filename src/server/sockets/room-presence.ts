import type { Queryable } from '../database/database.ts';
import { readRoomMembers, type Members } from '../rooms/read-room-members.ts';
import type { Connection } from './connection.ts';
import type { EnteredRoom, RoomEntry } from './viewer.ts';

/**
 * Who is in which room: the connections of this node, and for their rooms the members on all nodes. The members of a
 * room are read once and kept until the room changes, so that a signal costs no statement: a mesh of six that
 * restarts ICE sends some 200 signals at once.
 */
export class RoomPresence {
  readonly #local = new Map<number, Set<Connection>>();
  readonly #members = new Map<number, Promise<Members>>();

  constructor(private readonly db: Queryable) {}

  /** Entering again keeps what was delivered, so that no message is skipped. */
  enter(connection: Connection, entry: RoomEntry): void {
    const { room, participant, lastSequence, readMarks, justMade = false } = entry;
    const chatDelivered = connection.rooms.get(room)?.chatDelivered ?? lastSequence;
    const told = new Map(readMarks.map((mark) => [mark.participant, mark.sequence]));
    connection.rooms.set(room, {
      ...{ room, participant, chatDelivered, justMade, readMarks: told },
      // A page that enters again may not have received it.
      drawingDelivered: null,
    });
    const inside = this.#local.get(room);
    if (inside) inside.add(connection);
    else this.#local.set(room, new Set([connection]));
    this.#members.delete(room);
  }

  /** Does nothing if the connection has entered the room anew meanwhile. */
  leave(connection: Connection, entered: EnteredRoom): void {
    const { room } = entered;
    if (connection.rooms.get(room) !== entered) return;
    connection.rooms.delete(room);
    const inside = this.#local.get(room);
    inside?.delete(connection);
    if (inside?.size === 0) this.#local.delete(room);
    this.#members.delete(room);
  }

  leaveAll(connection: Connection): void {
    for (const entered of [...connection.rooms.values()]) this.leave(connection, entered);
  }

  /** The rooms in which connections of this node are. */
  get rooms(): number[] {
    return [...this.#local.keys()];
  }

  /** The connections of this node that are in the room. */
  inside(room: number): ReadonlySet<Connection> {
    return this.#local.get(room) ?? NOBODY;
  }

  /** The members as they were last read. */
  members(room: number): Promise<Members> {
    const known = this.#members.get(room);
    if (known) return known;
    const reading = readRoomMembers(this.db, room);
    this.#members.set(room, reading);
    reading.catch(() => {
      // The caller gets the error; the next one reads again.
      if (this.#members.get(room) === reading) this.#members.delete(room);
    });
    return reading;
  }

  /** The room changed: its members are read again when they are needed. */
  invalidate(room: number): void {
    this.#members.delete(room);
  }

  invalidateAll(): void {
    this.#members.clear();
  }
}

const NOBODY: ReadonlySet<Connection> = new Set();
