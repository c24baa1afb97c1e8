import type {
  AgentCallView,
  OfferView,
  SiteView,
  SkillGroupName,
  Ticket,
  WrapUpView,
} from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';
import type { RoomMedia } from '../rooms/room-media.ts';
import type { Join, Tickets } from '../rooms/tickets.ts';
import { READ_OWN } from './agent-own-statement.ts';
import type { StatusFacts } from './agent-status.ts';
import { addToDay, type Day, type OfferOfToday } from './agent-today.ts';
import { lineOf } from './read-queues.ts';
import type { LastWord } from '../presence/view-reading.ts';

/** Of an agent's view what is their own: all but the line of those who wait. As one of their tabs is told of it. */
export interface OwnPart {
  readonly rev: number;
  /** The database's clock, ms since 1970. */
  readonly now: number;
  readonly agent: AgentRow;
  /** The name of the line that they see. */
  readonly line: string;
  /** Null where the tab is not known any more. */
  readonly tab: { readonly inCharge: boolean } | null;
  /** Of the tab in charge alone, like the ticket. */
  readonly join: Join | null;
  readonly ticket: Ticket | null;
  readonly lastWord: LastWord | null;
  readonly day: Day;
}

interface AgentRow {
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly status: StatusFacts['chosen'];
  readonly status_since: number;
  readonly missed_in_row: number;
  readonly site: SiteView;
  readonly groups: readonly SkillGroupName[];
  readonly tabs: readonly { readonly id: string; readonly inCharge: boolean }[];
  readonly offer: OfferView | null;
  readonly call: Omit<AgentCallView, 'ticket'> | null;
  readonly wrap_up: WrapUpView | null;
}

interface Row extends AgentRow {
  readonly rev: string;
  readonly now: number;
  readonly connection: string;
  readonly join: Join | null;
  readonly last_word: LastWord | null;
  readonly midnight: number;
  /** Since what was asked for. */
  readonly today: readonly OfferOfToday[];
}

export interface OwnAsked {
  readonly connection: string;
  readonly agentId: string;
  /** The room that the tab is in. */
  readonly entered: number | null;
  /** The day as it was last read for the same tab: only what is new of it is read. Undefined: all is. */
  readonly day: Day | undefined;
}

/** Reads what is agents' own, all of them in one statement; by connection. An agent who is gone is left out. */
export async function readOwnParts(
  db: Queryable,
  tickets: Tickets,
  media: RoomMedia,
  asked: readonly OwnAsked[],
): Promise<ReadonlyMap<string, OwnPart>> {
  if (asked.length === 0) return new Map();
  const { rows } = await db.query<Row>(READ_OWN, [
    asked.map(({ connection }) => connection),
    asked.map(({ agentId }) => agentId),
    asked.map(({ day }) => day?.since ?? null),
    media.trtc,
    asked.map(({ entered }) => entered),
  ]);
  const days = new Map(asked.map(({ connection, day }) => [connection, day]));
  const parts = new Map<string, OwnPart>();
  for (const row of rows) {
    const tab = row.tabs.find(({ id }) => id === row.connection) ?? null;
    const join = tab?.inCharge ? row.join : null;
    parts.set(row.connection, {
      rev: Number(row.rev),
      now: row.now,
      agent: row,
      line: lineOf(row.site.id, row.groups),
      tab,
      join,
      lastWord: row.last_word,
      ticket: join && tickets.make(join, row.now),
      day: addToDay(days.get(row.connection), row.today, row.midnight),
    });
  }
  return parts;
}
