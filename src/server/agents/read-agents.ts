import type { AgentRole, SiteView, SkillGroupName } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';
import type { RoomMedia } from '../rooms/room-media.ts';
import { MOMENT, ms, SKILL } from '../views/view-columns.ts';
import { LEGS, type LegRow } from './agent-legs.ts';
import type { StatusFacts } from './agent-status.ts';
import { TODAY_KEY } from './agent-today.ts';

/** The agent's own part of an agent's view: all but the day and the queue. */
export interface AgentRow {
  readonly connection: string;
  readonly rev: number;
  /** The database's clock, ms since 1970. */
  readonly now: number;
  readonly id: string;
  readonly username: string;
  readonly name: string;
  readonly role: AgentRole;
  readonly status: StatusFacts['chosen'];
  readonly status_since: number;
  readonly status_reason: string | null;
  readonly missed_in_row: number;
  readonly site: SiteView;
  readonly groups: readonly SkillGroupName[];
  readonly tabs: readonly { readonly id: string; readonly active: boolean }[];
  readonly legs: readonly LegRow[];
  /** Changes when the agent's day changes. */
  readonly today_key: string;
}

/** One row for each tab: `$1` the connections, `$2` their agents, `$3` whether rooms may be made for TRTC. */
const READ = `
  select ${MOMENT}, asked.connection::text, a.id, a.username, a.name, a.role, a.status,
         ${ms('a.status_since')} as status_since, a.status_reason, a.missed_in_row,
         json_build_object('id', s.id, 'name', s.name,
                           'media', case when $3::boolean and s.media <> 'mesh' then 'trtc' else 'mesh' end) as site,
         (select coalesce(json_agg(${SKILL} order by g.position, g.id), '[]')
            from memberships m join skill_groups g on g.site_id = m.site_id and g.id = m.group_id
           where m.agent_id = a.id) as groups,
         (select coalesce(json_agg(json_build_object('id', x.id, 'active', x.active_tab)), '[]')
            from connections x where x.agent_id = a.id) as tabs,
         (${LEGS}) as legs,
         (${TODAY_KEY}) as today_key
    from unnest($1::uuid[], $2::uuid[]) as asked (connection, agent_id)
    join agents a on a.id = asked.agent_id
    join sites s on s.id = a.site_id`;

export interface AgentAsked {
  readonly connection: string;
  readonly agentId: string;
}

/** Reads the agents' own parts in one statement, by connection. An agent who was deleted is left out. */
export async function readAgents(
  db: Queryable,
  media: RoomMedia,
  asked: readonly AgentAsked[],
): Promise<ReadonlyMap<string, AgentRow>> {
  if (asked.length === 0) return new Map();
  const { rows } = await db.query<Omit<AgentRow, 'rev'> & { readonly rev: string }>(READ, [
    asked.map(({ connection }) => connection),
    asked.map(({ agentId }) => agentId),
    media.trtc,
  ]);
  return new Map(rows.map((row) => [row.connection, { ...row, rev: Number(row.rev) }]));
}
