import type { Database } from '../database/database.ts';
import { end, notifyEnded, type EndedCall } from './end-calls.ts';
import { whileItMoves } from './retry-while-moving.ts';

export type CallEnder =
  | { readonly role: 'visitor' }
  /** Only the agent who has the call. */
  | { readonly role: 'agent'; readonly agentId: string };

const END = end(`
  select c.id, c.epoch, c.state, coalesce(c.agent_id, o.agent_id),
         case when a.agent_id is not null then 'agent-ended'
              when c.state in ('ready', 'connected') then 'visitor-ended' else 'cancelled' end
    from unnest($1::uuid[], $2::uuid[]) as a (call_id, agent_id)
    join calls c on c.id = a.call_id left join offers o on o.call_id = c.id and o.closed_at is null
   where c.state <> 'ended' and (a.agent_id is null or c.agent_id = a.agent_id)
   order by c.id`);

/**
 * Ends a call: `cancelled` or `visitor-ended`, `agent-ended`. Answers with whether it did; one that has
 * ended already, is unknown, or is not this agent's, is left as it is.
 */
export async function endCall(
  db: Database,
  { callId, by }: { readonly callId: string; readonly by: CallEnder },
): Promise<boolean> {
  const agentId = by.role === 'agent' ? by.agentId : null;
  // Whoever ends it races with match, accept and enter.
  return whileItMoves(async () => {
    const ended = await db.batch<EndedCall>(END, callId, [agentId]);
    if (ended) {
      notifyEnded(db, [ended]);
      return true;
    }
    const { rowCount } = await db.query(
      `select from calls where id = $1 and state <> 'ended' and ($2::uuid is null or agent_id = $2)`,
      [callId, agentId],
    );
    return rowCount === 0 ? false : undefined;
  });
}
