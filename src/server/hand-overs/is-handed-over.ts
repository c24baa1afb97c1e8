import type { Queryable } from '../database/database.ts';

const READ = `
select from calls c where c.former_resume_hash = $2 and c.site_id = $1 and c.ended_at is null`;

/** Whether this token belongs to the device that had a live call before it was handed over. */
export async function isHandedOver(
  db: Queryable,
  siteId: string,
  resumeHash: Uint8Array,
): Promise<boolean> {
  const { rowCount } = await db.query(READ, [siteId, resumeHash]);
  return rowCount > 0;
}
