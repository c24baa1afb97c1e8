import type { BoardAgent, BoardFlow, BoardGroup } from '../../protocol/board-view.ts';
import { agentStatus } from '../agents/agent-status.ts';
import type { Queryable } from '../database/database.ts';
import {
  isSameDay,
  readBoard,
  readDaySums,
  type AgentRow,
  type BoardRow,
  type DaySums,
  type EndedSums,
  type GroupRow,
  type WatcherRow,
} from './read-board.ts';

/** A site's whole board at one moment. */
export interface Board {
  readonly rev: number;
  /** The database's clock, ms since 1970. */
  readonly now: number;
  readonly serviceLevelSeconds: number;
  readonly shortAbandonSeconds: number;
  readonly flow: BoardFlow;
  readonly groups: readonly BoardGroup[];
  readonly agents: readonly BoardAgent[];
  readonly watchers: readonly WatcherRow[];
}

/**
 * After so long the day is summed anew: wrap-ups have ended, and retention may have deleted calls. To sum 100,000 calls
 * took the database a second.
 */
const DAY_SUMS_AGE_MS = 180_000;

/**
 * The board of one site. Each reading is one statement over what lives and what has just ended. The calls of the day
 * that ended before are summed every three minutes, since a busy site has 150,000 of them.
 */
export class LiveBoard {
  #day: DaySums | null = null;
  #dayReadAt = 0;

  constructor(
    private readonly db: Queryable,
    private readonly site: string,
  ) {}

  /** `watchers` are the agents for whom it is read. Null: the site is gone. */
  async read(watchers: readonly string[]): Promise<Board | null> {
    if (performance.now() - this.#dayReadAt > DAY_SUMS_AGE_MS) this.#day = null;
    for (;;) {
      const day = (this.#day ??= await this.#readDay());
      if (!day) return null;
      const row = await readBoard(this.db, { site: this.site, cutoff: day.cutoff, watchers });
      if (!row) return null;
      if (isSameDay(day, row)) return boardOf(row, day);
      // It was midnight, or the site has other bounds of the service level.
      this.#day = null;
    }
  }

  async #readDay(): Promise<DaySums | null> {
    this.#dayReadAt = performance.now();
    return readDaySums(this.db, this.site);
  }
}

function boardOf(row: BoardRow, day: DaySums): Board {
  return {
    rev: row.rev,
    now: row.now,
    serviceLevelSeconds: row.serviceLevelSeconds,
    shortAbandonSeconds: row.shortAbandonSeconds,
    flow: row.flow,
    groups: row.groups.map((group) => groupOf(group, day.ended[group.id])),
    agents: row.agents.map((agent) => agentOf(agent)),
    watchers: row.watchers,
  };
}

const NOTHING: EndedSums = {
  offered: 0,
  answered: 0,
  answeredInTime: 0,
  abandoned: 0,
  abandonedEarly: 0,
  handled: 0,
  talkSeconds: 0,
  wrapUpSeconds: 0,
};

function groupOf(row: GroupRow, before: EndedSums = NOTHING): BoardGroup {
  const since = row.ended ?? NOTHING;
  const sum = (key: keyof EndedSums): number => before[key] + since[key];
  const answered = sum('answered') + row.talking;
  const abandoned = sum('abandoned');
  const average = (seconds: number): number | null =>
    sum('handled') === 0 ? null : Math.max(0, Math.round(seconds / sum('handled')));
  return {
    id: row.id,
    name: row.name,
    waiting: row.waiting,
    waitingSince: row.waitingSince,
    ringing: row.ringing,
    inCall: row.inCall,
    callbacks: row.callbacks,
    offered: sum('offered') + row.waiting + row.ringing + row.inCall,
    answered,
    abandoned,
    serviceLevel: share(
      sum('answeredInTime') + row.talkingInTime,
      answered + abandoned - sum('abandonedEarly'),
    ),
    averageTalk: average(sum('talkSeconds')),
    averageHandling: average(sum('talkSeconds') + sum('wrapUpSeconds')),
  };
}

/** To a tenth of a percent. */
const share = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * 1000) / 1000;

function agentOf(row: AgentRow): BoardAgent {
  const { id, name, groups, chosen, chosenSince, goneAt, legs } = row;
  const { status, since } = agentStatus({ chosen, chosenSince, legs });
  const own = { id, name, groups };
  // Somebody whose network is gone for a moment is still in the call.
  if (status === chosen && chosen !== 'offline' && goneAt !== null) {
    return { ...own, status: 'offline', since: goneAt, reason: null };
  }
  return { ...own, status, since, reason: status === 'break' ? row.reason : null };
}
