import type { Database } from '../database/database.ts';

/**
 * An agent's tab is back on another socket: what the old connection held comes here, and its row goes,
 * so that the node that still has the socket lets go of it. Without this a tab would be its own other
 * tab for as long as nobody notices the dead socket, and lose its call to it.
 */
export async function continueConnection(
  db: Database,
  { from, to, agentId }: { readonly from: string; readonly to: string; readonly agentId: string },
): Promise<void> {
  const { rowCount } = await db.query(
    `with old as (
       delete from connections where id = $1 and id <> $2 and agent_id = $3
       returning id, agent_id, in_charge),
     joined as (
       update participants p set connection_id = $2 from old join calls c on c.agent_id = old.agent_id
        where c.ended_at is null and p.room = c.room and p.connection_id = old.id)
     update connections x set in_charge = x.in_charge or old.in_charge
       from old where x.id = $2 and x.agent_id = old.agent_id`,
    [from, to, agentId],
  );
  if (rowCount > 0) db.wake.notify(`agent:${agentId}`);
}
