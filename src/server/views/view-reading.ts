import type { View } from '../../protocol/views.ts';
import type { Topic } from '../database/database.ts';

/** One viewer's view, as it was read. */
export interface ViewReading {
  /** From the sequence `snapshot_rev`: a later reading has a higher one. */
  readonly rev: number;
  /** The database's clock, ms since 1970. */
  readonly now: number;
  readonly view: View;
  /** After a notice of one of these the view has to be read again. */
  readonly topics: ReadonlySet<Topic>;
  /** The rooms that this view opens, and which participant the viewer is in each. */
  readonly rooms: readonly OpenRoom[];
  readonly connectionStatus: ConnectionStatus;
}

export interface OpenRoom {
  readonly room: number;
  readonly participant: string;
}

/**
 * What the database says about the connection itself. `superseded`: the same person came later through another
 * connection, and only that one counts. `handed-over`: the call has gone to another device. `orphaned`: the connection has no row, because its node was declared dead.
 * `room-closed`: the room that a guest came for is closed.
 */
export type ConnectionStatus =
  'current' | 'superseded' | 'handed-over' | 'orphaned' | 'room-closed';

/** `connections` are those of one person, the newest first. */
export function connectionStatus(
  connection: string,
  connections: readonly string[],
): ConnectionStatus {
  if (connections[0] === connection) return 'current';
  return connections.includes(connection) ? 'superseded' : 'orphaned';
}

/**
 * What may have changed in a view: the viewer's own part, the queue part that many agents share, or both. Views of
 * visitors and guests have one part, and are read whole.
 */
export type ViewChange = 'own' | 'queue' | 'both';
