import type { Queryable } from '../database/database.ts';
import type { Connection } from './connection.ts';
import type { EnteredRoom } from './viewer.ts';

/** Where a member of a room can be reached. */
export interface MemberAddress {
  readonly connection: string;
  readonly node: string;
}

export type Members = ReadonlyMap<string, MemberAddress>;

interface MemberRow {
  readonly participant: string;
  readonly connection: string;
  readonly node: string;
}

const READ_MEMBERS = `
  select p.id as participant, x.id::text as connection, x.node_id::text as node
    from participants p
    join connections x on x.id = p.connection_id
    join rooms r on r.number = p.room
   where p.room = $1 and p.entered_at is not null and p.left_at is null and r.closed_at is null`;

/**
 * Who is in which room: the connections of this node, and for each of their rooms the members on every
 * node. The members are read once and kept until the room changes, so that a signal costs no statement.
 */
export class RoomPresence {
  readonly #local = new Map<number, Set<Connection>>();
  readonly #members = new Map<number, Promise<Members>>();

  constructor(private readonly db: Queryable) {}

  enter(connection: Connection, entered: EnteredRoom): void {
    this.leave(connection);
    connection.entered = entered;
    const inside = this.#local.get(entered.room);
    if (inside) inside.add(connection);
    else this.#local.set(entered.room, new Set([connection]));
    this.#members.delete(entered.room);
  }

  leave(connection: Connection): void {
    const entered = connection.entered;
    if (!entered) return;
    connection.entered = null;
    const inside = this.#local.get(entered.room);
    inside?.delete(connection);
    if (inside?.size === 0) this.#local.delete(entered.room);
    this.#members.delete(entered.room);
  }

  /** The connections of this node that are in the room. */
  inside(room: number): ReadonlySet<Connection> {
    return this.#local.get(room) ?? NOBODY;
  }

  /** The members as they were last read. */
  members(room: number): Promise<Members> {
    const known = this.#members.get(room);
    if (known) return known;
    const reading = this.#read(room);
    this.#members.set(room, reading);
    reading.catch(() => {
      // The caller hears of it; the next one reads again.
      if (this.#members.get(room) === reading) this.#members.delete(room);
    });
    return reading;
  }

  /** The room changed: its members are read again when somebody needs them. */
  invalidate(room: number): void {
    this.#members.delete(room);
  }

  invalidateAll(): void {
    this.#members.clear();
  }

  async #read(room: number): Promise<Members> {
    const { rows } = await this.db.query<MemberRow>(READ_MEMBERS, [room]);
    return new Map(
      rows.map(({ participant, connection, node }) => [participant, { connection, node }]),
    );
  }
}

const NOBODY: ReadonlySet<Connection> = new Set();
