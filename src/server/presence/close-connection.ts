import type { Database } from '../database/database.ts';
import { notifyPresence, type PresenceChange } from './presence-change.ts';

// Two last sockets that close in one moment do not see each other go. The sweep puts that right.
const CLOSE = `
with closed as (
  delete from connections where id = $1 returning id, site_id, agent_id, call_id, active_tab),
visitor as (
  update calls c set visitor_gone_at = now() from closed x
   where c.id = x.call_id and c.ended_at is null and c.visitor_gone_at is null
     and not exists (select from connections o where o.call_id = c.id and o.id <> $1)),
newest_tab as materialized (
  select o.id from connections o join closed x on x.agent_id = o.agent_id
   where o.id <> $1 order by o.connected_at desc, o.id limit 1),
live_leg as materialized (
  select l.id from legs l join closed x on x.agent_id = l.agent_id
   where l.state in ('accepted', 'joined')),
agent as (
  update agents a
     set gone_at = case when exists (select from newest_tab) then null else now() end,
         active_tab_lost_at = case
           when x.active_tab and exists (select from newest_tab) and exists (select from live_leg) then now()
           else a.active_tab_lost_at end
    from closed x where a.id = x.agent_id),
next_active_tab as (
  update connections o set active_tab = true from closed x, newest_tab n
   where o.id = n.id and x.active_tab and not exists (select from live_leg))
select x.site_id, x.agent_id, x.call_id,
       array(select m.group_id from memberships m where m.agent_id = x.agent_id) as group_ids,
       array(select l.agent_id from legs l
              where l.call_id = x.call_id and l.state in ('offered', 'accepted', 'joined')) as call_agent_ids,
       array(select p.room from participants p where p.connection_id = x.id) as rooms
  from closed x`;

/**
 * Presence ends: a socket is gone. With the last one the visitor or the agent is gone. The agent's newest
 * other tab becomes the active one: at once, or during a call after a grace in which a reload can come back
 * (sweep-active-tabs.ts).
 */
export async function closeConnection(db: Database, id: string): Promise<void> {
  const { rows } = await db.query<PresenceChange>(CLOSE, [id]);
  notifyPresence(db, rows);
}
