import { RtcDeskError } from '../../protocol/errors.ts';
import { retryWhileMoving } from '../calls/retry-while-moving.ts';
import type { Database } from '../database/database.ts';
import { closeLeg } from './close-leg.ts';
import { requeueCalls } from './requeue-calls.ts';

interface Row {
  readonly call_id: string;
  readonly epoch: number;
  readonly kind: string;
}

const READ = `
select l.call_id, c.epoch, l.kind from legs l join calls c on c.id = l.call_id
 where l.id = $1 and l.agent_id = $2 and l.state = 'offered'`;

/**
 * The agent does not want the call. A first leg's call goes back to its old place in the queue, and to another
 * agent next. Rejects with `conflict` if the leg is no longer offered to this agent.
 */
export async function declineOffer(
  db: Database,
  { legId, agentId }: { readonly legId: string; readonly agentId: string },
): Promise<void> {
  await retryWhileMoving(async () => {
    const { rows } = await db.query<Row>(READ, [legId, agentId]);
    const leg = rows[0];
    if (!leg) throw new RtcDeskError('conflict', 'This leg is no longer offered.');
    const declined = { legState: 'declined', reason: 'declined', actor: 'agent' } as const;
    const done =
      leg.kind === 'first'
        ? (await requeueCalls(db, [{ callId: leg.call_id, epoch: leg.epoch, ...declined }]))
            .length > 0
        : await closeLeg(db, { legId, state: 'declined', reason: 'declined' });
    return done || undefined;
  });
}
