import type { Topic } from '../database/database.ts';
import type { View } from '../../protocol/views.ts';
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
  /** The room that this view opens, and whom the viewer may be in it. */
  readonly room: { readonly number: number; readonly participant: string } | null;
  readonly lastWord: LastWord | null;
  readonly standing: Standing;
}

/**
 * The last message in the room where the viewer is, or was at the end, as of the reading: who has it has heard all that
 * was said there before. Null where it is not known.
 */
export interface LastWord {
  readonly room: number;
  /** 0: nothing was said. */
  readonly sequence: number;
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

/** The room of a join. */
export function openRoom({ room, participant }: Join): ViewReading['room'] {
  return { number: room, participant };
}

/** `connections` are those of one person, the newest first. */
export function standingOf(connection: string, connections: readonly string[]): Standing {
  if (connections[0] === connection) return 'current';
  return connections.includes(connection) ? 'superseded' : 'orphaned';
}
