import type { Topic } from '../database/database.ts';
import type { RoomView, View } from '../../protocol/views.ts';
import type { Join } from '../rooms/tickets.ts';

/** One viewer's view, as it was read. */
export interface ViewReading {
  /** From `snapshot_rev`: a later reading has a higher one. */
  readonly rev: number;
  /** The database's clock, ms since 1970. */
  readonly now: number;
  readonly view: View;
  /** The changes after which it has to be read again. */
  readonly topics: ReadonlySet<Topic>;
  /** The room that this view opens, whom the viewer may be in it, and the last message there. */
  readonly room: {
    readonly number: number;
    readonly participant: string;
    readonly chatSequence: number;
  } | null;
  readonly standing: Standing;
}

/**
 * What of a view may have changed: what is the viewer's own, the line that they share with others, or both; `all`: nothing
 * is known of it, and nothing of what was read before is to be relied upon.
 */
export type Changed = 'own' | 'line' | 'both' | 'all';

/**
 * How the connection stands in the database. `superseded`: the same person came in later through
 * another one, which alone counts. `orphaned`: its row is gone, since this node had been declared dead.
 * `shut-out`: the room that it was for has been closed.
 */
export type Standing = 'current' | 'superseded' | 'orphaned' | 'shut-out';

/** The room of a join; `room` is its view, which was read along with the join. */
export function openRoom(join: Join, room: RoomView | null): ViewReading['room'] {
  return {
    number: join.room,
    participant: join.participant,
    chatSequence: room?.chatSequence ?? 0,
  };
}

/** `connections` are those of one person, the newest first. */
export function standingOf(connection: string, connections: readonly string[]): Standing {
  if (connections[0] === connection) return 'current';
  return connections.includes(connection) ? 'superseded' : 'orphaned';
}
