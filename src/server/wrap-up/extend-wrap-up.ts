import { RtcDeskError } from '../../protocol/errors.ts';
import { notifyAgents, type AgentChange } from '../calls/call-change.ts';
import type { Database } from '../database/database.ts';
import { requireOwnLeg } from '../legs/own-leg.ts';
import { WRAP_UP_BOUND } from './wrap-up-time.ts';

// The two times differ by milliseconds if the wrap-up has its longest time: one is the transaction's, one the clock's.
const EXTEND = `
with extended as (
  update legs l
     set wrap_up_until = least(l.wrap_up_until + make_interval(secs => g.wrap_up_seconds), ${WRAP_UP_BOUND})
    from skill_groups g
   where l.id = $1 and l.agent_id = $2 and l.state = 'left' and l.wrap_up_until > now()
     and g.site_id = l.site_id and g.id = l.group_id and l.wrap_up_until < ${WRAP_UP_BOUND} - interval '1 second'
  returning l.agent_id, l.site_id)
select e.agent_id, e.site_id, null as group_ids from extended e`;

/**
 * More time. Rejects with `conflict` if the wrap-up is over or has its longest time, and with
 * `forbidden` for another agent's.
 */
export async function extendWrapUp(
  db: Database,
  { legId, agentId }: { readonly legId: string; readonly agentId: string },
): Promise<void> {
  const { rows } = await db.query<AgentChange>(EXTEND, [legId, agentId]);
  if (rows.length === 0) {
    await requireOwnLeg(db, { legId, agentId });
    throw new RtcDeskError('conflict', 'This wrap-up gets no more time.');
  }
  notifyAgents(db, rows);
}
