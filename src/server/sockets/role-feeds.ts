import type { Logger } from 'pino';
import type { Queryable } from '../database/database.ts';
import type { RoomMedia } from '../rooms/room-media.ts';
import type { Tickets } from '../rooms/tickets.ts';
import { AgentViews } from '../agents/agent-views.ts';
import { readGuestViews } from '../rooms/guest-views.ts';
import { readVisitorViews } from '../calls/visitor-views.ts';
import type { Changed, ViewReading } from '../presence/view-reading.ts';
import { WaitBases } from '../calls/wait-bases.ts';
import type { Connection } from './connection.ts';
import { SnapshotFeed, type ReadViews } from './snapshot-feed.ts';
import type { Viewer } from './viewer.ts';

type Role = Viewer['role'];
type ViewerOf<R extends Role> = Extract<Viewer, { role: R }>;

/** Reads the views of one role, by connection id. */
type ReadRole<R extends Role> = (asked: readonly Asked<R>[]) => Promise<Map<string, ViewReading>>;

type Asked<R extends Role> = ViewerOf<R> & {
  readonly connection: string;
  /** The room that it is in. */
  readonly entered: number | null;
  readonly changed: Changed;
  /** The connection, for what is kept only as long as it. */
  readonly tab: object;
};

interface FeedSources {
  readonly database: Queryable;
  readonly tickets: Tickets;
  readonly media: RoomMedia;
  readonly logger: Logger;
}

/**
 * Whole views of agents read at a time where nobody waits for them. Each costs some 0.4 ms, a hundred 40; of visitors
 * many in one statement cost little more than one (500 of a line 8 ms), since the line is counted once for all.
 */
const AGENTS_AT_ONCE = 20;

/** One feed for each role: a slow reading of one holds up no other. */
export function roleFeeds(
  { database, tickets, media, logger }: FeedSources,
  show: (connection: Connection, reading: ViewReading) => void,
): Record<Role, SnapshotFeed> {
  const bases = new WaitBases(database);
  const agents = new AgentViews(database, tickets, media);
  const feed = <R extends Role>(role: R, read: ReadRole<R>, shared?: number): SnapshotFeed =>
    new SnapshotFeed(overConnections(role, read), show, logger, shared);
  return {
    visitor: feed('visitor', (asked) => readVisitorViews(database, tickets, bases, asked)),
    agent: feed('agent', (asked) => agents.read(asked), AGENTS_AT_ONCE),
    guest: feed('guest', (asked) => readGuestViews(database, tickets, asked)),
  };
}

function overConnections<R extends Role>(role: R, read: ReadRole<R>): ReadViews {
  return async (due) => {
    const asked = [...due].flatMap(([tab, changed]) =>
      tab.viewer?.role === role
        ? [
            {
              ...(tab.viewer as ViewerOf<R>),
              connection: tab.id,
              entered: tab.entered?.room ?? null,
              changed,
              tab,
            },
          ]
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
