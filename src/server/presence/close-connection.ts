import type { Database, Topic } from '../database/database.ts';
import { groupsOf } from '../calls/call-change.ts';

// Two last tabs that close in one moment do not see each other go: the sweep sets what they left open.
const CLOSE = `
with gone as (delete from connections where id = $1 returning *),
caller as (
  update calls c set visitor_gone_at = now() from gone g
   where c.id = g.call_id and c.state <> 'ended' and c.visitor_gone_at is null
     and not exists (select from connections x where x.call_id = c.id and x.id <> $1)),
others as materialized (
  select x.id, x.agent_id from connections x join gone g on g.agent_id = x.agent_id
   where x.id <> $1 order by x.connected_at desc, x.id limit 1),
live as materialized (
  select c.room from calls c join gone g on g.agent_id = c.agent_id
   where c.ended_at is null and c.state in ('accepted', 'ready', 'connected')),
agent as (
  update agents a
     set gone_at = case when exists (select from others) then null else now() end,
         charge_lost_at = case when g.in_charge and exists (select from others) and exists (select from live)
                               then now() else a.charge_lost_at end
    from gone g where a.id = g.agent_id),
heir as (
  update connections x set in_charge = true from gone g, others o
   where x.id = o.id and g.in_charge and not exists (select from live))
select g.agent_id, g.call_id, coalesce(g.room, c.room, (select room from live limit 1)) as room, c.agent_id as call_agent,
       case when g.agent_id is not null then ${groupsOf('g.agent_id')} end as groups
  from gone g left join calls c on c.id = g.call_id`;

interface Row {
  readonly agent_id: string | null;
  readonly call_id: string | null;
  readonly room: number | null;
  readonly call_agent: string | null;
  readonly groups: readonly string[] | null;
}

/**
 * A socket is gone. The visitor or the agent is gone with the last one. Charge goes to the agent's
 * newest other tab: at once, or while a call is live after a grace in which a reload can come back.
 */
export async function closeConnection(db: Database, id: string): Promise<void> {
  const { rows } = await db.query<Row>(CLOSE, [id]);
  const row = rows[0];
  if (!row) return;
  const topics: Topic[] = [];
  if (row.call_id) topics.push(`call:${row.call_id}`);
  if (row.call_agent) topics.push(`agent:${row.call_agent}`);
  if (row.agent_id) topics.push(`agent:${row.agent_id}`);
  if (row.room) topics.push(`room:${row.room}`);
  for (const group of row.groups ?? []) topics.push(`group:${group}`);
  db.wake.notify(...topics);
}
