import type { Queryable } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';
import type { BusyAgent, FreeAgent, Membership } from './free-agent.ts';
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

interface Row {
  readonly id: string;
  readonly idle_since: number;
  readonly memberships: readonly Membership[];
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

/** About an agent `a`: what a Row says. $2 are the groups. */
const COLUMNS = `
  a.id, (extract(epoch from a.idle_since) * 1000)::float8 as idle_since,
  (select jsonb_agg(jsonb_build_object('groupId', g.id, 'groupName', g.name, 'level', m.level))
     from memberships m join skill_groups g on g.site_id = m.site_id and g.id = m.group_id
    where m.agent_id = a.id and m.group_id = any ($2)) as memberships`;

/** $1 the site, $2 the groups, $3 how many agents of each group. */
const FREE_AGENTS = `
select ${COLUMNS}
  from agents a
 where a.id in (
   select f.id from unnest($2::text[]) as g (id) cross join lateral (
     select a.id from memberships m join agents a on a.id = m.agent_id
      where m.site_id = $1 and m.group_id = g.id and a.status = 'available' and a.disabled_at is null
        and ${FREE} and ${ONLINE}
      order by m.level, a.idle_since, a.id limit $3) f)`;

/** $1 the site, $2 the groups, $3 the agents. */
const BUSY_AGENTS = `
select ${COLUMNS}
  from agents a
 where a.id = any ($3::uuid[]) and a.site_id = $1 and a.status = 'available' and a.disabled_at is null
   and ${ONLINE} and not (${FREE})
   and exists (select from memberships m where m.agent_id = a.id and m.group_id = any ($2))`;

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
  const free = await tx.query<Row>(FREE_AGENTS, [siteId, [...groups], MAX_AGENTS_PER_GROUP]);
  // Most sites have no rule about last agents.
  const busy =
    lastAgents.size === 0
      ? []
      : (await tx.query<Row>(BUSY_AGENTS, [siteId, [...groups], [...lastAgents]])).rows;
  return {
    free: free.rows.map(({ id, idle_since, memberships }) => ({
      id,
      idleSince: idle_since,
      memberships,
    })),
    busy: busy.map(({ id, memberships }) => ({ id, memberships })),
    cut: free.rows.length >= MAX_AGENTS_PER_GROUP,
  };
}
