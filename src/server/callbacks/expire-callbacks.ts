import { endCalls } from '../calls/end-calls.ts';
import type { Database } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';

const WAITING_CALLS = `
select c.id, c.epoch from callbacks b join calls c on c.callback_id = b.id
 where b.state in ('due', 'offering') and b.expires_at <= now() and service_is_up(${timeouts.gap})
   and c.state in ('queued', 'offered')
   for no key update of c skip locked`;

const EXPIRE = `
update callbacks set state = 'expired', changed_at = clock_timestamp()
 where state = 'waiting' and expires_at <= now() and service_is_up(${timeouts.gap})`;

/** Gives up callbacks after 7 days. One whose agent has accepted goes on. */
export async function expireCallbacks(db: Database): Promise<void> {
  const { rows } = await db.query<{ id: string; epoch: number }>(WAITING_CALLS, []);
  await endCalls(
    db,
    rows.map(({ id: callId, epoch }) => ({
      callId,
      epoch,
      agentId: null,
      reason: 'no-answer',
      actor: 'system',
    })),
  );
  await db.query(EXPIRE, []);
}
