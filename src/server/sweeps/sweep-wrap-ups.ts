import { notifyAgents, type AgentChange } from '../calls/call-change.ts';
import type { Database } from '../database/database.ts';

const CLOSE = `
with over as (
  select id from legs where state = 'left' and wrap_up_until <= now() for no key update skip locked),
closed as (
  update legs l set state = 'closed', closed_at = clock_timestamp(), wrap_up_until = null
    from over o where l.id = o.id
  returning l.agent_id),
freed as (
  update agents a set idle_since = now() from closed c where a.id = c.agent_id returning a.id, a.site_id)
select f.id as agent_id, f.site_id, array(select m.group_id from memberships m where m.agent_id = f.id) as group_ids
  from freed f`;

/** Closes legs whose wrap-up time is over. Their agents are free. */
export async function sweepWrapUps(db: Database): Promise<void> {
  notifyAgents(db, (await db.query<AgentChange>(CLOSE, [])).rows);
}
