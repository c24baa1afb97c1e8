import type { Queryable } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';
import type { BusyAgent, FreeAgent } from './free-agent.ts';
import type { WaitingCalls } from './read-waiting-calls.ts';

/** Free agents read for each group. More of them than calls, because some may have refused a call. */
const MAX_AGENTS_PER_GROUP = 128;

export interface AvailableAgents {
  readonly free: readonly FreeAgent[];
  /** Those of the visitors' last agents who have a call or a wrap-up. */
  readonly busy: readonly BusyAgent[];
  /** Whether a group may have more free agents than were read. */
  readonly cut: boolean;
}

/** About an agent `a`: a socket lives on a live node. */
const ONLINE = `
  exists (select from connections x join nodes n on n.id = x.node_id
           where x.agent_id = a.id and n.heartbeat_at > statement_timestamp() - make_interval(secs => ${timeouts.node}))`;

/** About an agent `a`: no active leg, and no wrap-up that runs. Each of the two reads a partial index. */
const FREE = `
  not exists (select from legs l
               where l.agent_id = a.id and l.state in ('offered', 'accepted', 'joined') and l.kind <> 'monitor')
  and not exists (select from legs l
                   where l.agent_id = a.id and l.state = 'left' and l.wrap_up_until > statement_timestamp())`;

/** $1 the site, $2 the groups, $3 how many agents of each group. */
const FREE_AGENTS = `
with free as materialized (
  select a.id, a.idle_since, g.id as group_id, g.name as group_name, m.level,
         row_number() over (partition by m.group_id order by m.level, a.idle_since, a.id) as place
    from memberships m join agents a on a.id = m.agent_id
    join skill_groups g on g.site_id = m.site_id and g.id = m.group_id
   where m.site_id = $1 and m.group_id = any ($2) and a.status = 'available' and a.disabled_at is null
     and ${FREE} and ${ONLINE})
select id, (extract(epoch from idle_since) * 1000)::float8 as "idleSince",
       jsonb_agg(jsonb_build_object('groupId', group_id, 'groupName', group_name, 'level', level)) as memberships
  from free group by id, idle_since having min(place) <= $3`;

/** $1 the site, $2 the groups, $3 the agents. */
const BUSY_AGENTS = `
select a.id, jsonb_agg(jsonb_build_object('groupId', g.id, 'groupName', g.name, 'level', m.level)) as memberships
  from agents a join memberships m on m.agent_id = a.id
  join skill_groups g on g.site_id = m.site_id and g.id = m.group_id
 where a.id = any ($3::uuid[]) and a.site_id = $1 and a.status = 'available' and a.disabled_at is null
   and ${ONLINE} and not (${FREE}) and m.group_id = any ($2)
 group by a.id`;

/** Reads the agents who may be offered one of these calls, or for whom one of them may have to wait. */
export async function readAvailableAgents(
  tx: Queryable,
  siteId: string,
  { calls, rules }: WaitingCalls,
): Promise<AvailableAgents> {
  const groups = new Set(rules.keys());
  for (const { rings = [] } of rules.values()) {
    for (const ring of rings) for (const group of ring.groups ?? []) groups.add(group);
  }
  const lastAgents = new Set(calls.flatMap((call) => call.visitorLastAgent ?? []));
  const free = await tx.query<FreeAgent>(FREE_AGENTS, [siteId, [...groups], MAX_AGENTS_PER_GROUP]);
  // Most sites have no rule about last agents.
  const busy =
    lastAgents.size === 0
      ? []
      : (await tx.query<BusyAgent>(BUSY_AGENTS, [siteId, [...groups], [...lastAgents]])).rows;
  return {
    free: free.rows,
    busy,
    cut: free.rows.length >= MAX_AGENTS_PER_GROUP,
  };
}
