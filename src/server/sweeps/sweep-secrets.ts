import type { Database } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';

/** Wipes what opens nothing any more: resume hashes and addresses of calls that ended, sessions that expired. */
export async function sweepSecrets(db: Database): Promise<void> {
  await db.query(
    `update calls set resume_hash = null, caller = null
      where ended_at is not null and resume_hash is not null
        and ended_at < now() - make_interval(secs => ${timeouts.endShown})`,
    [],
  );
  await db.query('delete from agent_sessions where expires_at < now()', []);
}
