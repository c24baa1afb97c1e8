import { RtcDeskError } from '../../protocol/errors.ts';
import type { Queryable } from '../database/database.ts';

const REQUEST = `
insert into callbacks as b (id) values ($1)
on conflict (id) do update
   set state = excluded.state, attempts = excluded.attempts, next_at = excluded.next_at,
       expires_at = excluded.expires_at, changed_at = excluded.changed_at
 where b.state in ('no-answer', 'expired', 'cancelled')
returning id`;

/**
 * A message is answered by a callback, or a callback that failed begins anew. Rejects with `conflict` if the callback
 * is open, or has reached its visitor.
 */
export async function requestCallback(tx: Queryable, id: string): Promise<void> {
  const { rows } = await tx.query(REQUEST, [id]);
  if (rows.length === 0) throw new RtcDeskError('conflict', 'The callback is under way or done.');
}
