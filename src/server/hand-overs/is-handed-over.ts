import type { Queryable } from '../database/database.ts';
import type { Resuming } from '../calls/resume-call.ts';

const READ = `
select from calls c
 where c.site_id = $1 and c.ended_at is null
   and (c.former_resume_hash = $2 or c.callback_id = $3 and c.handed_over_at is not null)`;

/** Whether this token belongs to the device that had a live call before it was handed over. */
export async function isHandedOver(
  db: Queryable,
  { siteId, resumeHash, callbackId = null }: Resuming,
): Promise<boolean> {
  const { rowCount } = await db.query(READ, [siteId, resumeHash, callbackId]);
  return rowCount > 0;
}
