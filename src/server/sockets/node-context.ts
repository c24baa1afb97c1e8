import type { Logger } from 'pino';
import type { ChallengeVerifiers } from '../challenges/challenge.ts';
import type { Database } from '../database/database.ts';
import type { AgentCredential } from '../identity/verify-agent-token.ts';
import type { RecordingFolder } from '../recordings/recording-folder.ts';
import type { RoomMedia } from '../rooms/room-media.ts';
import type { Tickets } from '../rooms/tickets.ts';
import type { Connection } from './connection.ts';
import type { RoomPresence } from './room-presence.ts';
import type { RoomRelay } from './room-relay.ts';
import type { SocketMetrics } from './socket-metrics.ts';
import type { RoomEntry } from './viewer.ts';

/** What handshakes and commands see of the node that they run on. */
export interface NodeContext {
  readonly database: Database;
  readonly nodeId: string;
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  /** The server's signing key. */
  readonly key: Uint8Array;
  readonly presence: RoomPresence;
  readonly relay: RoomRelay;
  readonly tickets: Tickets;
  readonly challenges: ChallengeVerifiers;
  /** Where recordings are written. Undefined: nobody asks whether there is space. */
  readonly recordingFolder: RecordingFolder | undefined;
  /** For the rooms that are made here. */
  readonly media: RoomMedia;
  /** The agent's sign-in on this connection: the socket is closed when it no longer counts. */
  signedIn(connection: Connection, credential: AgentCredential): void;
  /** Counts the connection among the site's sockets on this node; false if there are `limit` already. */
  takeSitePlace(connection: Connection, site: string, limit: number): boolean;
  readonly metrics: Pick<SocketMetrics, 'observeSteps'>;
  /** Sends the request of the step at which the call stands, and moves the call on by its answer. */
  requestForFlow(callId: string, node: string): void;
  /** The connection is in this room: signals, chat and read marks of the room come to it from now on. */
  entered(connection: Connection, entry: RoomEntry): void;
}
