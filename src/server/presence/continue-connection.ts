import type { Database } from '../database/database.ts';

// Deleting the old row makes the node that still holds its socket let go of it.
const CONTINUE = `
with old as (
  delete from connections o
   where o.id = $1 and o.id <> $2 and o.agent_id = $3
     and exists (select from connections n where n.id = $2 and n.agent_id = $3)
  returning o.id, o.active_tab),
participants_moved as (
  update participants p set connection_id = $2 from old
   where p.connection_id = old.id and p.left_at is null)
update connections n set active_tab = n.active_tab or old.active_tab from old where n.id = $2`;

/**
 * An agent's tab is back on another socket. The new connection takes over what the old one held: the
 * active tab and the participants. Otherwise the old connection would count as another tab, and keep
 * the call, until a node notices that its socket is dead.
 */
export async function continueConnection(
  db: Database,
  { from, to, agentId }: { readonly from: string; readonly to: string; readonly agentId: string },
): Promise<void> {
  const { rowCount } = await db.query(CONTINUE, [from, to, agentId]);
  if (rowCount > 0) db.wake.notify(`agent:${agentId}`);
}
