import { notifyEnded, writeEnds, type EndedCall } from '../calls/end-calls.ts';
import type { Database, Queryable } from '../database/database.ts';

const LIVE_CALL = `
select id, epoch from calls
 where callback_id = $1 and state in ('queued', 'offered', 'accepted', 'ready') for no key update`;

const CANCEL = `
update callbacks set state = 'cancelled', changed_at = clock_timestamp()
 where id = $1 and state in ('waiting', 'due', 'offering', 'calling')`;

/**
 * Cancels a callback that is open, and ends its call. One whose visitor was reached goes on. After the commit the caller
 * hands the answer to `notifyEnded`.
 */
export async function writeCancellation(
  tx: Queryable,
  id: string,
  actor: 'visitor' | 'system',
): Promise<EndedCall[]> {
  // The call before its callback: all operations lock in this order.
  const { rows } = await tx.query<{ id: string; epoch: number }>(LIVE_CALL, [id]);
  const ended = await writeEnds(
    tx,
    rows.map(({ id: callId, epoch }) => ({
      callId,
      epoch,
      agentId: null,
      reason: 'cancelled',
      actor,
    })),
  );
  await tx.query(CANCEL, [id]);
  return ended;
}

/** The visitor does not want to be called any more. */
export async function cancelCallback(db: Database, id: string): Promise<void> {
  notifyEnded(db, await db.transaction((tx) => writeCancellation(tx, id, 'visitor')));
}
