import { RtcDeskError } from '../../protocol/errors.ts';
import type { ChosenStatus } from '../../protocol/views.ts';
import type { Database } from '../database/database.ts';
import {
  groupsOf,
  notifyAgents,
  notifyCalls,
  type AgentChange,
  type CallChange,
} from '../calls/call-change.ts';
import { HELD_CALLS, requeue } from '../legs/requeue-calls.ts';

const WITHDRAW = requeue(`
  select c.id, c.epoch, c.state, a.id, c.room, 'withdrawn', 'agent-unavailable' from ${HELD_CALLS}
   where o.agent_id = $1 and o.state = 'active' and c.state = 'offered' and a.status <> 'available'`);

/**
 * What the agent chose. Where it is not `available`, an offer that rings goes back to the queue. Two
 * commits, since in one the agent's row would be locked before the call's; should the server die
 * between the two, the sweep withdraws the offer. Rejects with `conflict` where the tab is gone.
 */
export async function setStatus(
  db: Database,
  {
    agentId,
    status,
    connectionId = null,
  }: {
    readonly agentId: string;
    readonly status: ChosenStatus;
    /**
     * The tab that says so. It has to be known still: what it said long ago, to a node that was stopped
     * and goes on now, is no choice any more. Null: asks for no tab.
     */
    readonly connectionId?: string | null | undefined;
  },
): Promise<void> {
  const { rows } = await db.query<AgentChange>(
    `update agents a
        set status = $2,
            missed_in_row = case when $2 = 'available' then 0 else a.missed_in_row end,
            status_since = case when a.status = $2 then a.status_since else now() end,
            idle_since = case when a.status <> $2 and $2 = 'available' then now() else a.idle_since end
      where a.id = $1
        and ($3::uuid is null or exists (select from connections x where x.id = $3 and x.agent_id = $1))
      returning a.id as agent_id, ${groupsOf('a.id')} as groups`,
    [agentId, status, connectionId],
  );
  if (rows.length === 0) throw new RtcDeskError('conflict', 'This connection is no longer known.');
  if (status !== 'available') {
    const { rows: calls } = await db.query<CallChange>(WITHDRAW, [agentId]);
    notifyCalls(db, calls, { line: true, matching: true });
  }
  notifyAgents(db, rows);
}
