import type { Database } from '../database/database.ts';
import { leaveLeg } from '../legs/leave-leg.ts';
import { endOne } from './end-calls.ts';
import { retryWhileMoving } from './retry-while-moving.ts';

export type CallEnder =
  | { readonly role: 'visitor' }
  /** An agent who has accepted or joined the call. */
  | { readonly role: 'agent'; readonly agentId: string };

interface Row {
  /** The agent's own leg that is accepted or joined. */
  readonly own_leg: string | null;
  /** Whether another agent talks in the call. */
  readonly others: boolean;
}

const READ = `
select (select l.id from legs l where l.call_id = c.id and l.agent_id = $2
           and l.state in ('accepted', 'joined') and l.kind <> 'monitor') as own_leg,
       exists (select from legs l where l.call_id = c.id and l.agent_id <> $2
                  and l.state = 'joined' and l.kind <> 'monitor') as others
  from calls c where c.id = $1 and c.state <> 'ended'`;

/**
 * Ends a call: `cancelled` or `visitor-ended` for the visitor, `agent-ended` for the last agent in it. Where
 * another agent talks, only this agent leaves. Answers with whether anything changed: a call that has ended
 * already, is unknown or is not this agent's stays as it is.
 */
export async function endCall(
  db: Database,
  { callId, by }: { readonly callId: string; readonly by: CallEnder },
): Promise<boolean> {
  const agentId = by.role === 'agent' ? by.agentId : null;
  // An end races with match, accept and enter: each changes the epoch.
  return retryWhileMoving(async () => {
    const ended = await endOne(db, { callId, epoch: null, agentId, reason: null, actor: by.role });
    if (ended) return true;
    const { rows } = await db.query<Row>(READ, [callId, agentId]);
    const call = rows[0];
    if (!call || (agentId !== null && call.own_leg === null)) return false;
    if (agentId === null || call.own_leg === null || !call.others) return undefined;
    return (await leaveLeg(db, { legId: call.own_leg, reason: 'agent-left' })) ? true : undefined;
  });
}
