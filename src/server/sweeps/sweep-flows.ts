import { RtcDeskError } from '../../protocol/errors.ts';
import { endCalls } from '../calls/end-calls.ts';
import type { Database } from '../database/database.ts';
import { answerFlow } from '../flows/answer-flow.ts';
import { timeouts } from '../settings/timeouts.ts';

interface Row {
  readonly id: string;
  readonly epoch: number;
  readonly state: 'choosing' | 'queued';
  readonly node: string;
  /** Whether the step's request got no answer. */
  readonly requesting: boolean;
}

/** In one sweep, so that no sweep takes long. */
const MAX_CALLS = 100;

const OVERDUE = `
select c.id, c.epoch, c.state, c.flow_node as node,
       v.document -> 'nodes' -> c.flow_node ->> 'type' = 'request' as requesting
  from calls c join flow_versions v on v.id = c.flow_version_id
 where c.flow_deadline <= now() and c.state in ('choosing', 'queued') and service_is_up(${timeouts.gap})
 order by c.flow_deadline limit ${MAX_CALLS}`;

/** Moves on calls that waited too long in a queue or for a request, and ends those whose visitor gave no answer. */
export async function sweepFlows(db: Database): Promise<void> {
  const { rows } = await db.query<Row>(OVERDUE, []);
  const idle = rows.filter(({ state, requesting }) => state === 'choosing' && !requesting);
  await endCalls(
    db,
    idle.map(({ id: callId, epoch }) => ({
      callId,
      epoch,
      agentId: null,
      reason: 'abandoned',
      actor: 'system',
    })),
  );
  for (const { id: callId, node, state, requesting } of rows) {
    if (state !== 'queued' && !requesting) continue;
    try {
      await answerFlow(db, { callId, node, input: { kind: 'exit', exit: 'timeout' } });
    } catch (error) {
      // The call has moved on meanwhile, for example to an agent.
      if (!(error instanceof RtcDeskError && error.code === 'flow-changed')) throw error;
    }
  }
}
