import type { Queryable } from '../database/database.ts';
import type { RoomMedia } from '../rooms/room-media.ts';
import type { Tickets } from '../rooms/tickets.ts';
import { agentView, topicsOfAgent } from './agent-view.ts';
import { readLines, type Line } from './read-queues.ts';
import { readOwnParts, type OwnPart } from './read-own-parts.ts';
import { openRoom, type Changed, type ViewReading } from '../presence/view-reading.ts';

export interface AgentAsked {
  readonly connection: string;
  readonly agentId: string;
  /** The room that the tab is in. */
  readonly entered: number | null;
  /** What may have changed since the view was last read for this tab. */
  readonly changed: Changed;
  /** Stands for the connection: what is kept of its view goes when it goes. */
  readonly tab: object;
}

interface Parts {
  readonly own: OwnPart;
  readonly line: Line;
}

/**
 * The views of the agents connected here, in the parts that change for reasons of their own. Each tab's parts are kept
 * as they were last read, so that a line that moves is read once for all who see it, and nothing else with it: while
 * each change read the whole of a hundred views, that was two fifths of what PostgreSQL did for 150 calls a second.
 * One reading has to end before the next begins: then no part goes back in time, and the rev grows, which is that of
 * the part read last.
 */
export class AgentViews {
  readonly #kept = new WeakMap<object, Parts>();

  constructor(
    private readonly db: Queryable,
    private readonly tickets: Tickets,
    private readonly media: RoomMedia,
  ) {}

  /** By connection; who has no view any more is left out. */
  async read(asked: readonly AgentAsked[]): Promise<Map<string, ViewReading>> {
    const tabs = asked.map((tab) => ({ ...tab, kept: this.#kept.get(tab.tab) }));
    const [owns, moved] = await Promise.all([
      this.#readOwn(tabs.filter(({ changed, kept }) => changed !== 'line' || !kept)),
      this.#readLines(tabs.map(({ changed, kept }) => (changed === 'own' ? undefined : kept?.own))),
    ]);
    const shown = tabs.flatMap(({ connection, tab, changed, kept }) => {
      const own = owns.get(connection) ?? (changed === 'line' ? kept?.own : undefined);
      if (!own) return [];
      const line = moved.get(own.line) ?? (kept?.own.line === own.line ? kept.line : undefined);
      return [{ connection, tab, own, line }];
    });
    // Of those who are new here, or in other groups than before.
    const others = await this.#readLines(shown.map(({ own, line }) => (line ? undefined : own)));
    const readings = new Map<string, ViewReading>();
    for (const { connection, tab, own, line = others.get(own.line) } of shown) {
      if (!line) throw new Error('The statement of the lines answers a row for each.');
      this.#kept.set(tab, { own, line });
      readings.set(connection, reading(own, line));
    }
    return readings;
  }

  #readOwn(tabs: readonly (AgentAsked & { readonly kept: Parts | undefined })[]) {
    return readOwnParts(
      this.db,
      this.tickets,
      this.media,
      tabs.map(({ connection, agentId, entered, changed, kept }) => ({
        connection,
        agentId,
        entered,
        day: changed === 'all' ? undefined : kept?.own.day,
      })),
    );
  }

  #readLines(of: readonly (OwnPart | undefined)[]): Promise<ReadonlyMap<string, Line>> {
    return readLines(
      this.db,
      of.flatMap((own) => (own ? [own.line] : [])),
    );
  }
}

function reading(own: OwnPart, line: Line): ViewReading {
  const { rev, now } = line.rev > own.rev ? line : own;
  const { join, tab, lastWord } = own;
  return {
    rev,
    now,
    view: agentView(own, line),
    topics: topicsOfAgent(own),
    room: join && openRoom(join),
    lastWord,
    // Several tabs of one agent stand side by side, so none is ever superseded.
    standing: tab ? 'current' : 'orphaned',
  };
}
