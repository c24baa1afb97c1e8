import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database } from '../database/database.ts';

/** This tab rings from now on, and holds the call if there is one. Rejects with `conflict` where the tab is gone. */
export async function takeCharge(
  db: Database,
  { agentId, connectionId }: { readonly agentId: string; readonly connectionId: string },
): Promise<void> {
  const { rowCount } = await db.query(
    `with own as materialized (select agent_id from connections where id = $2 and agent_id = $1),
     agent as (update agents a set charge_lost_at = null from own o
                where a.id = o.agent_id and a.charge_lost_at is not null),
     charged as (update connections x set in_charge = (x.id = $2) from own o
                  where x.agent_id = o.agent_id and x.in_charge <> (x.id = $2))
     select from own`,
    [agentId, connectionId],
  );
  if (rowCount === 0) throw new RtcDeskError('conflict', 'This connection is no longer known.');
  db.wake.notify(`agent:${agentId}`);
}
