import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database } from '../database/database.ts';

const ACTIVATE = `
with own as materialized (select id, agent_id from connections where id = $2 and agent_id = $1),
agent as (
  update agents a set active_tab_lost_at = null from own
   where a.id = own.agent_id and a.active_tab_lost_at is not null),
tabs as (
  update connections x set active_tab = (x.id = own.id) from own
   where x.agent_id = own.agent_id and x.active_tab <> (x.id = own.id))
select id from own`;

/** From now on this tab rings, and holds the call if there is one. Rejects with `conflict` if the tab is gone. */
export async function activateTab(
  db: Database,
  { agentId, connectionId }: { readonly agentId: string; readonly connectionId: string },
): Promise<void> {
  const { rowCount } = await db.query(ACTIVATE, [agentId, connectionId]);
  if (rowCount === 0) throw new RtcDeskError('conflict', 'This connection is no longer known.');
  db.wake.notify(`agent:${agentId}`);
}
