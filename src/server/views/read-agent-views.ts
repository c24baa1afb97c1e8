import type {
  AgentCallView,
  AgentView,
  OfferView,
  SiteView,
  SkillGroupName,
  TodayView,
  WaitingCallView,
  WrapUpView,
} from '../../protocol/views.ts';
import type { Queryable, Topic } from '../database/database.ts';
import type { RoomMedia } from '../queue/room-media.ts';
import type { Join, Tickets } from '../rooms/tickets.ts';
import { agentStatus, type StatusFacts } from './agent-status.ts';
import { READ_AGENTS, READ_WAITING } from './agent-view-statement.ts';
import { openRoom, type ViewReading } from './view-reading.ts';

export interface AgentAsked {
  readonly connection: string;
  readonly agentId: string;
}

interface AgentRow {
  readonly rev: string;
  readonly now: number;
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly status: StatusFacts['chosen'];
  readonly status_since: number;
  readonly missed_in_row: number;
  readonly site: SiteView;
  readonly groups: SkillGroupName[];
  readonly tabs: { readonly id: string; readonly inCharge: boolean }[];
  readonly offer: OfferView | null;
  readonly call: Omit<AgentCallView, 'ticket'> | null;
  readonly join: Join | null;
  readonly wrap_up: WrapUpView | null;
  readonly today: TodayView;
}

interface WaitingRow {
  readonly site_id: string;
  readonly group_id: string;
  readonly priority: number;
  readonly waiting: WaitingCallView;
}

const WAITING_SHOWN = 100;

/** Reads the views of agents: one statement for all of them, and one for all of their groups' queues. */
export async function readAgentViews(
  db: Queryable,
  tickets: Tickets,
  media: RoomMedia,
  asked: readonly AgentAsked[],
): Promise<Map<string, ViewReading>> {
  const ids = [...new Set(asked.map(({ agentId }) => agentId))];
  const [agents, queues] = await Promise.all([
    db.query<AgentRow>(READ_AGENTS, [ids, media.trtc]),
    db.query<WaitingRow>(READ_WAITING, [ids]),
  ]);
  const byAgent = new Map(agents.rows.map((row) => [row.id, row]));
  const readings = new Map<string, ViewReading>();
  for (const { connection, agentId } of asked) {
    const row = byAgent.get(agentId);
    if (!row) continue;
    const tab = row.tabs.find(({ id }) => id === connection);
    const inCharge = tab?.inCharge ?? false;
    const join = inCharge ? row.join : null;
    const ticket = join ? await tickets.make(join, row.now) : null;
    readings.set(connection, {
      rev: Number(row.rev),
      now: row.now,
      view: show(row, { inCharge, waiting: waitingFor(row, queues.rows), ticket }),
      topics: topicsOf(row),
      room: join ? openRoom(join, row.call?.room ?? null) : null,
      // Several tabs of one agent stand side by side, so none is ever superseded.
      standing: tab ? 'current' : 'orphaned',
    });
  }
  return readings;
}

function show(
  row: AgentRow,
  tab: {
    readonly inCharge: boolean;
    readonly waiting: readonly WaitingCallView[];
    readonly ticket: AgentCallView['ticket'];
  },
): AgentView {
  const { status, since } = agentStatus({
    chosen: row.status,
    chosenSince: row.status_since,
    ringingSince: row.offer?.offeredAt ?? null,
    busySince: row.call?.acceptedAt ?? null,
    wrapUpSince: row.wrap_up?.ended.at ?? null,
  });
  return {
    role: 'agent',
    agent: {
      id: row.id,
      username: row.username,
      name: row.name,
      site: row.site,
      groups: row.groups,
    },
    status,
    statusSince: since,
    chosen: row.status,
    missedInRow: row.missed_in_row,
    inCharge: tab.inCharge,
    tabs: row.tabs.length,
    offer: row.offer,
    call: row.call && { ...row.call, ticket: tab.ticket },
    wrapUp: row.wrap_up,
    waiting: tab.waiting,
    today: row.today,
  };
}

/** The queues of all the agent's groups as one list, in the order in which they would be served. */
function waitingFor(row: AgentRow, queues: readonly WaitingRow[]): WaitingCallView[] {
  const own = new Set(row.groups.map(({ id }) => id));
  return queues
    .filter((entry) => entry.site_id === row.site.id && own.has(entry.group_id))
    .sort((a, b) => b.priority - a.priority || a.waiting.requestedAt - b.waiting.requestedAt)
    .slice(0, WAITING_SHOWN)
    .map(({ waiting }) => waiting);
}

function topicsOf(row: AgentRow): Set<Topic> {
  const topics = new Set<Topic>([`agent:${row.id}`]);
  for (const group of row.groups) topics.add(`group:${row.site.id}/${group.id}`);
  if (row.offer) topics.add(`call:${row.offer.callId}`);
  if (row.call) topics.add(`call:${row.call.id}`).add(`room:${row.call.room.number}`);
  return topics;
}
