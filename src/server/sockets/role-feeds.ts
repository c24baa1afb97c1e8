import type { Logger } from 'pino';
import { AgentViews } from '../agents/agent-views.ts';
import { readVisitorViews } from '../calls/visitor-views.ts';
import type { Queryable } from '../database/database.ts';
import type { TokenBuckets } from '../rate-limits/token-buckets.ts';
import { readGuestViews } from '../rooms/guest-views.ts';
import { RingingIceServers } from '../rooms/ringing-ice-servers.ts';
import type { RoomMedia } from '../rooms/room-media.ts';
import type { Tickets } from '../rooms/tickets.ts';
import type { ViewChange, ViewReading } from '../views/view-reading.ts';
import type { Connection } from './connection.ts';
import { SnapshotFeed, type ReadViews, type ShowView } from './snapshot-feed.ts';
import type { Viewer } from './viewer.ts';

/** A role whose view is sent in snapshots. */
export type Role = Exclude<Viewer['role'], 'console'>;
type ViewerOf<R extends Role> = Extract<Viewer, { role: R }>;

/** Reads the views of one role, by connection id. */
type ReadRole<R extends Role> = (asked: readonly Asked<R>[]) => Promise<Map<string, ViewReading>>;

type Asked<R extends Role> = ViewerOf<R> & {
  readonly connection: string;
  readonly changed: ViewChange;
  /** The connection itself, for what is kept as long as it lives. */
  readonly tab: Connection;
};

interface FeedSources {
  readonly database: Queryable;
  readonly tickets: Tickets;
  readonly media: RoomMedia;
  readonly buckets: TokenBuckets;
  readonly logger: Logger;
}

const MAX_SHARED_AGENTS = 20;

/** One feed for each role: a slow reading of one holds up no other. */
export function roleFeeds(
  { database, tickets, media, buckets, logger }: FeedSources,
  show: ShowView,
): Record<Role, SnapshotFeed> {
  const agents = new AgentViews(database, tickets, media);
  const ringing = new RingingIceServers(tickets, buckets);
  const withIceServers = (visitor: Asked<'visitor'>) =>
    visitor.site.media === 'mesh'
      ? {
          ...visitor,
          ringingIceServers: (callId: string, now: number) =>
            ringing.read(visitor.tab, callId, now),
        }
      : visitor;
  const feed = <R extends Role>(role: R, read: ReadRole<R>, maxShared?: number): SnapshotFeed =>
    new SnapshotFeed(overConnections(role, read), show, logger, maxShared);
  return {
    visitor: feed('visitor', (asked) =>
      readVisitorViews(database, tickets, asked.map(withIceServers)),
    ),
    agent: feed('agent', (asked) => agents.read(asked), MAX_SHARED_AGENTS),
    guest: feed('guest', (asked) => readGuestViews(database, tickets, asked)),
  };
}

function overConnections<R extends Role>(role: R, read: ReadRole<R>): ReadViews {
  return async (due) => {
    const asked = [...due].flatMap(([tab, changed]) =>
      tab.viewer?.role === role
        ? [{ ...(tab.viewer as ViewerOf<R>), connection: tab.id, changed, tab }]
        : [],
    );
    const readings = await read(asked);
    return new Map(
      [...due.keys()].flatMap((connection) => {
        const reading = readings.get(connection.id);
        return reading ? [[connection, reading] as const] : [];
      }),
    );
  };
}
