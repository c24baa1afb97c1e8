import { RtcDeskError } from '../../protocol/errors.ts';
import type { HandOver } from '../../protocol/rest/hand-over.ts';
import type { Queryable } from '../database/database.ts';
import { hashOneTimeCode } from '../identity/one-time-code.ts';
import { ms } from '../views/view-columns.ts';

const READ = `
select c.site_id as site, s.name as "siteName", ${ms('c.hand_over_until')} as "expiresAt"
  from calls c join sites s on s.id = c.site_id
 where c.hand_over_hash = $1 and c.hand_over_until > now() and c.ended_at is null`;

/** What the device that has a code is told before it takes the call. Rejects with `not-found`. */
export async function readHandOver(db: Queryable, code: string): Promise<HandOver> {
  const { rows } = await db.query<HandOver>(READ, [hashOneTimeCode(code)]);
  if (!rows[0]) throw unknownCode();
  return rows[0];
}

export function unknownCode(): RtcDeskError {
  return new RtcDeskError('not-found', 'This code is unknown or used, or its time is over.');
}
