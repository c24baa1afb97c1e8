import type { Database } from '../database/database.ts';
import { groupsOf, notifyAgents, type AgentChange } from '../calls/call-change.ts';

/** The agent is free again, before the time is over. Of another call, or a finished one: does nothing. */
export async function finishWrapUp(
  db: Database,
  { agentId, callId }: { readonly agentId: string; readonly callId: string },
): Promise<void> {
  const { rows } = await db.query<AgentChange>(
    `update agents a set wrap_up_call = null, wrap_up_until = null, idle_since = now()
      where a.id = $1 and a.wrap_up_call = $2
      returning a.id as agent_id, ${groupsOf('a.id')} as groups`,
    [agentId, callId],
  );
  notifyAgents(db, rows);
}
