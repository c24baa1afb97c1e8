import type { Database } from '../database/database.ts';
import type { RoomMedia } from '../rooms/room-media.ts';
import type { Tickets } from '../rooms/tickets.ts';
import type { Connection } from './connection.ts';
import type { RoomPresence } from './room-presence.ts';

/** What greetings and commands see of the node that they run on. */
export interface NodeContext {
  readonly database: Database;
  readonly nodeId: string;
  /** The server's signing key. */
  readonly key: Uint8Array;
  readonly presence: RoomPresence;
  readonly tickets: Tickets;
  /** Of the rooms that are made here. */
  readonly media: RoomMedia;
  /** Counts the connection among the site's sockets on this node; false where there are `limit` already. */
  takeSitePlace(connection: Connection, site: string, limit: number): boolean;
  /** The view of this connection has to be read again, or hangs on something else from now on. */
  refresh(connection: Connection): void;
}
