import type { Logger } from 'pino';
import type { Queryable } from '../database/database.ts';
import type { RoomMedia } from '../queue/room-media.ts';
import type { Tickets } from '../rooms/tickets.ts';
import { readAgentViews } from '../views/read-agent-views.ts';
import { readGuestViews } from '../views/read-guest-views.ts';
import { readVisitorViews } from '../views/read-visitor-views.ts';
import type { ViewReading } from '../views/view-reading.ts';
import type { Connection } from './connection.ts';
import { SnapshotFeed, type ReadViews } from './snapshot-feed.ts';
import type { Viewer } from './viewer.ts';

type Role = Viewer['role'];
type ViewerOf<R extends Role> = Extract<Viewer, { role: R }>;

/** Reads the views of one role, by connection id. */
type ReadRole<R extends Role> = (
  asked: readonly (ViewerOf<R> & { readonly connection: string })[],
) => Promise<Map<string, ViewReading>>;

interface FeedSources {
  readonly database: Queryable;
  readonly tickets: Tickets;
  readonly media: RoomMedia;
  readonly logger: Logger;
}

/**
 * Agents read at a time where a line that they share has moved. Each costs some 0.1 ms, a hundred 10; of visitors many in
 * one statement cost little more than one (500 of a line 8 ms), since the line is counted once for all.
 */
const AGENTS_SHARING = 20;

/** One feed for each role: a slow reading of one holds up no other. */
export function roleFeeds(
  { database, tickets, media, logger }: FeedSources,
  show: (connection: Connection, reading: ViewReading) => void,
): Record<Role, SnapshotFeed> {
  const feed = <R extends Role>(role: R, read: ReadRole<R>, shared?: number): SnapshotFeed =>
    new SnapshotFeed(overConnections(role, read), show, logger, shared);
  return {
    visitor: feed('visitor', (asked) => readVisitorViews(database, tickets, asked)),
    agent: feed(
      'agent',
      (asked) => readAgentViews(database, tickets, media, asked),
      AGENTS_SHARING,
    ),
    guest: feed('guest', (asked) => readGuestViews(database, tickets, asked)),
  };
}

function overConnections<R extends Role>(role: R, read: ReadRole<R>): ReadViews {
  return async (connections) => {
    const asked = connections.flatMap(({ id, viewer }) =>
      viewer?.role === role ? [{ ...(viewer as ViewerOf<R>), connection: id }] : [],
    );
    const readings = await read(asked);
    return new Map(
      connections.flatMap((connection) => {
        const reading = readings.get(connection.id);
        return reading ? [[connection, reading] as const] : [];
      }),
    );
  };
}
