import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database } from '../database/database.ts';
import { notifyAgents, type AgentChange } from '../calls/call-change.ts';

const FINISH = `
with closed as (
  update legs l set state = 'closed', closed_at = clock_timestamp(), wrap_up_until = null
    from skill_groups g
   where l.id = $1 and l.agent_id = $2 and l.state = 'left' and g.site_id = l.site_id and g.id = l.group_id
     and (l.disposition is not null or not g.disposition_required)
  returning l.agent_id),
freed as (
  update agents a set idle_since = now() from closed c where a.id = c.agent_id returning a.id, a.site_id)
select f.id as agent_id, f.site_id, array(select m.group_id from memberships m where m.agent_id = f.id) as group_ids
  from freed f`;

const WAITS = `select from legs where id = $1 and agent_id = $2 and state = 'left'`;

/**
 * The agent is free before the wrap-up's time is over. A leg of somebody else, or one that is closed, stays as it is.
 * Rejects with `disposition-required` if the group requires a disposition and the leg has none.
 */
export async function finishWrapUp(
  db: Database,
  { legId, agentId }: { readonly legId: string; readonly agentId: string },
): Promise<void> {
  const { rows } = await db.query<AgentChange>(FINISH, [legId, agentId]);
  if (rows.length === 0 && (await db.query(WAITS, [legId, agentId])).rowCount > 0) {
    throw new RtcDeskError('disposition-required', 'Choose a disposition first.');
  }
  notifyAgents(db, rows);
}
