import type { Queryable } from '../database/database.ts';

const OPEN = `
select h.id from hours h join sites s on s.id = h.site_id
 where h.site_id = $1 and is_open(h.schedule, s.time_zone, coalesce(to_timestamp($2::float8 / 1000), now()))`;

/** The ids of the site's named hours that are open at a time (ms since 1970); null: now. */
export async function readOpenHours(
  tx: Queryable,
  siteId: string,
  at: number | null = null,
): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ id: string }>(OPEN, [siteId, at]);
  return new Set(rows.map(({ id }) => id));
}
