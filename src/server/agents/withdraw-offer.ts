import type { LegKind } from '../../protocol/views.ts';
import type { Database } from '../database/database.ts';
import { closeLeg } from '../legs/close-leg.ts';
import { requeueCalls } from '../legs/requeue-calls.ts';

const READ_OFFER = `
select l.id, l.kind, l.call_id, c.epoch
  from legs l join calls c on c.id = l.call_id join agents a on a.id = l.agent_id
 where l.agent_id = $1 and l.state = 'offered' and a.status <> 'available'`;

interface OfferRow {
  readonly id: string;
  readonly kind: LegKind;
  readonly call_id: string;
  readonly epoch: number;
}

/**
 * Withdraws the offer that rings at an agent who is no longer `available`. An offer that another transaction accepts or
 * closes first stays as it is.
 */
export async function withdrawOffer(db: Database, agentId: string): Promise<void> {
  const { rows } = await db.query<OfferRow>(READ_OFFER, [agentId]);
  const withdrawn = { reason: 'agent-unavailable', actor: 'agent' } as const;
  for (const { id, kind, call_id, epoch } of rows) {
    if (kind === 'first') {
      await requeueCalls(db, [{ callId: call_id, epoch, legState: 'withdrawn', ...withdrawn }]);
    } else {
      await closeLeg(db, { legId: id, state: 'withdrawn', reason: withdrawn.reason });
    }
  }
}
