import { deleteOldIdempotent } from '../configuration/idempotent-requests.ts';
import type { Database } from '../database/database.ts';
import { deleteOldFailures } from '../identity/sign-in-limit.ts';
import { timeouts } from '../settings/timeouts.ts';

const WIPE = `
update calls
   set resume_hash = null, address_hash = null, hand_over_hash = null, hand_over_until = null, former_resume_hash = null
 where ended_at < now() - make_interval(secs => ${timeouts.endShown})
   and (resume_hash is not null or address_hash is not null or hand_over_hash is not null
        or former_resume_hash is not null)`;

/**
 * Wipes the hashes of tokens, codes and addresses of calls that ended ten minutes ago. Deletes sign-ins and links that
 * have expired, old counts of failures, and answers that are kept for repeated requests no longer.
 */
export async function sweepSecrets(db: Database): Promise<void> {
  await db.query(WIPE, []);
  await db.query('delete from agent_sessions where expires_at < now()', []);
  await db.query('delete from password_links where expires_at < now()', []);
  await db.query('delete from shared_links where expires_at < now()', []);
  await db.query('delete from setup_codes where expires_at < now()', []);
  await deleteOldFailures(db);
  await deleteOldIdempotent(db);
}
