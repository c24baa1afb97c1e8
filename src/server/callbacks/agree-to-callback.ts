import { RtcDeskError } from '../../protocol/errors.ts';
import { writeConsent } from '../consents/write-consent.ts';
import type { Database } from '../database/database.ts';

// The call that waits for its visitor. The lock lets two presses write one decision after the other.
const CALL = `
select c.id, coalesce(consent_version(s.consent) = $2, false) as current
  from calls c join sites s on s.id = c.site_id
 where c.callback_id = $1 and c.ended_at is null for update of c`;

/**
 * The visitor of a callback agrees to the site's text before entering. Rejects with `conflict` if no call waits for the
 * visitor, or the site has another text now.
 */
export async function agreeToCallback(db: Database, id: string, version: string): Promise<void> {
  await db.transaction(async (tx) => {
    const { rows } = await tx.query<{ id: string; current: boolean }>(CALL, [id, version]);
    if (!rows[0]?.current) throw new RtcDeskError('conflict', 'There is nothing to agree to now.');
    await writeConsent(tx, rows[0].id, { version, agreed: true });
  });
}
