import type { Queryable } from '../database/database.ts';

/** Whether the site has such an open room that belongs to no call. */
export async function isOpenMeeting(
  db: Queryable,
  { siteId, room }: { readonly siteId: string; readonly room: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    'select from rooms where number = $1 and site_id = $2 and call_id is null and closed_at is null',
    [room, siteId],
  );
  return rowCount > 0;
}
