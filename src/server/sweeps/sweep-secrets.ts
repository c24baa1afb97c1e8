import type { Database } from '../database/database.ts';
import { deleteOldFailures } from '../identity/sign-in-limit.ts';
import { timeouts } from '../settings/timeouts.ts';

const WIPE = `
update calls set resume_hash = null, address_hash = null
 where ended_at < now() - make_interval(secs => ${timeouts.endShown})
   and (resume_hash is not null or address_hash is not null)`;

/**
 * Wipes the resume hashes and address hashes of calls that ended ten minutes ago. Deletes sign-ins that have expired, and
 * old counts of failures.
 */
export async function sweepSecrets(db: Database): Promise<void> {
  await db.query(WIPE, []);
  await db.query('delete from agent_sessions where expires_at < now()', []);
  await deleteOldFailures(db);
}
