import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import type { RoomMedia } from '../rooms/room-media.ts';
import type { TokenBuckets } from '../rate-limits/token-buckets.ts';
import type { TrustedProxies } from '../rate-limits/trusted-proxies.ts';
import type { Settings } from '../settings/settings.ts';
import type { SocketStats } from '../sockets/socket-stats.ts';

/** What the routes see of the server that they belong to. */
export interface HttpContext {
  readonly database: Database;
  /** The server's signing key. */
  readonly key: Uint8Array;
  /** Of the rooms that are made here. */
  readonly media: RoomMedia;
  readonly settings: Pick<Settings, 'publicUrl' | 'metricsToken' | 'demo' | 'trtc'>;
  readonly buckets: TokenBuckets;
  readonly proxies: TrustedProxies;
  readonly logger: Logger;
  /** True from the moment that a stop was asked for: nothing new is to come here any more. */
  stopping(): boolean;
  socketStats(): SocketStats;
  /** Offers that this node has made. */
  matched(): number;
  /** Where the built scripts are, and the demo's pages. */
  readonly browserFolder: string;
  readonly demoFolder: string;
}
