import { RtcDeskError } from '../../protocol/errors.ts';
import type { Queryable } from '../database/database.ts';
import { makeOneTimeCode } from '../identity/one-time-code.ts';
import { timeouts } from '../settings/timeouts.ts';
import { ms } from '../views/view-columns.ts';

/** 22 characters, so that a QR code stays coarse. The code counts for two minutes. */
const CODE_BYTES = 16;

export interface OfferedHandOver {
  readonly code: string;
  /** Ms since 1970 by the database's clock. */
  readonly expiresAt: number;
}

// A socket from before the last hand-over may still be open for a moment. It has the call no longer.
const OFFER = `
update calls c
   set hand_over_hash = $3, hand_over_until = now() + make_interval(secs => ${timeouts.handOverCode})
 where c.id = $1 and c.ended_at is null
   and exists (select from connections x
                where x.id = $2 and x.call_id = c.id and x.connected_at >= coalesce(c.handed_over_at, '-infinity'))
returning ${ms('c.hand_over_until')} as "expiresAt"`;

/**
 * Makes a code with which another device takes the call. It replaces an older one. Rejects with `conflict` if the call is
 * over, or does not belong to this connection.
 */
export async function offerHandOver(
  db: Queryable,
  { callId, connectionId }: { readonly callId: string; readonly connectionId: string },
): Promise<OfferedHandOver> {
  const { code, hash } = makeOneTimeCode(CODE_BYTES);
  const { rows } = await db.query<{ expiresAt: number }>(OFFER, [callId, connectionId, hash]);
  if (!rows[0]) throw new RtcDeskError('conflict', 'There is no call to hand over.');
  return { code, expiresAt: rows[0].expiresAt };
}
