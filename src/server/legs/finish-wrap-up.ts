import type { Database } from '../database/database.ts';
import { notifyAgents, type AgentChange } from '../calls/call-change.ts';

const FINISH = `
with closed as (
  update legs l set state = 'closed', closed_at = clock_timestamp(), wrap_up_until = null
   where l.id = $1 and l.agent_id = $2 and l.state = 'left'
  returning l.agent_id),
freed as (
  update agents a set idle_since = now() from closed c where a.id = c.agent_id returning a.id, a.site_id)
select f.id as agent_id, f.site_id, array(select m.group_id from memberships m where m.agent_id = f.id) as group_ids
  from freed f`;

/** The agent is free before the wrap-up's time is over. A leg of somebody else, or one that is closed, stays as it is. */
export async function finishWrapUp(
  db: Database,
  { legId, agentId }: { readonly legId: string; readonly agentId: string },
): Promise<void> {
  const { rows } = await db.query<AgentChange>(FINISH, [legId, agentId]);
  notifyAgents(db, rows);
}
