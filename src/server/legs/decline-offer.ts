import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database } from '../database/database.ts';
import { notifyCalls, type CallChange } from '../calls/call-change.ts';
import { HELD_CALLS, requeue } from './requeue-calls.ts';

const DECLINE = requeue(`
  select c.id, c.epoch, c.state, a.id, c.room, 'declined', 'declined' from ${HELD_CALLS}
   where o.id = $1 and o.agent_id = $2 and c.state = 'offered'`);

/** The call goes back to its old place, and to another agent next. Rejects with `conflict`. */
export async function declineOffer(
  db: Database,
  { offerId, agentId }: { readonly offerId: string; readonly agentId: string },
): Promise<void> {
  const { rows } = await db.query<CallChange>(DECLINE, [offerId, agentId]);
  if (rows.length === 0) throw new RtcDeskError('conflict', 'This offer is no longer held out.');
  notifyCalls(db, rows, { line: true, matching: true });
}
