import type { Queryable } from '../database/database.ts';

/** The ids of the site's named hours that are open now. */
export async function readOpenHours(tx: Queryable, siteId: string): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ id: string }>(
    `select h.id from hours h join sites s on s.id = h.site_id
      where h.site_id = $1 and is_open(h.schedule, s.time_zone, now())`,
    [siteId],
  );
  return new Set(rows.map(({ id }) => id));
}
