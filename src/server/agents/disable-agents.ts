import type { Database, Queryable } from '../database/database.ts';
import { withdrawOffer } from './withdraw-offer.ts';

/** An agent who is not `available` is offered nothing, also by a node that has read the agent as enabled. */
const DISABLE = `
update agents set disabled_at = now(), status = 'offline', status_reason = null, status_since = now()
 where id = any ($1::uuid[]) and disabled_at is null
returning id`;

/** Disables agents and ends their sessions, in a transaction. After the commit `notifyDisabled` has to follow. */
export async function disableAgents(
  tx: Queryable,
  agentIds: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await tx.query<{ id: string }>(DISABLE, [agentIds]);
  const disabled = rows.map(({ id }) => id);
  await tx.query('delete from agent_sessions where agent_id = any ($1::uuid[])', [disabled]);
  return disabled;
}

/** Withdraws the offers that ring at these agents, and makes every node close their sockets. */
export async function notifyDisabled(db: Database, agentIds: readonly string[]): Promise<void> {
  db.wake.notify(
    ...agentIds.map((id) => `sessions:${id}` as const),
    ...agentIds.map((id) => `agent:${id}` as const),
  );
  for (const agentId of agentIds) await withdrawOffer(db, agentId);
}
