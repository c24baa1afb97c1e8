import type { Database } from '../database/database.ts';
import { notifyPresence, type PresenceChange } from '../presence/presence-change.ts';
import { timeouts } from '../settings/timeouts.ts';

// A foreign key deletes the connections of a node with it. This statement still sees them.
const DELETE_DEAD = `
with dead as (
  delete from nodes n
   where (n.heartbeat_at < now() - make_interval(secs => ${timeouts.node}) and service_is_up(${timeouts.gap}))
      or n.id <> $1::uuid
  returning n.id)
select x.site_id, x.agent_id, x.call_id,
       array(select m.group_id from memberships m where m.agent_id = x.agent_id) as group_ids,
       array(select l.agent_id from legs l
              where l.call_id = x.call_id and l.state in ('offered', 'accepted', 'joined')) as call_agent_ids,
       array(select p.room from participants p where p.connection_id = x.id) as rooms
  from connections x join dead d on d.id = x.node_id`;

/**
 * Deletes nodes without a heartbeat, and their connections with them. Answers with the agents who were connected
 * there. `onlyNode`: every other node is dead, because no other can run (an embedded database).
 */
export async function sweepNodes(db: Database, onlyNode: string | null): Promise<string[]> {
  const { rows } = await db.query<PresenceChange>(DELETE_DEAD, [onlyNode]);
  notifyPresence(db, rows);
  return rows.flatMap(({ agent_id }) => agent_id ?? []);
}
