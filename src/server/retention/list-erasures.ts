import type { ErasureSummary } from '../../protocol/rest/erasures.ts';
import type { Queryable } from '../database/database.ts';
import { ms } from '../views/view-columns.ts';

const LIST = `
select e.id, e.kind, e.requested_by as "requestedBy", ${ms('e.requested_at')} as "requestedAt",
       ${ms('e.finished_at')} as "finishedAt", e.calls
  from erasures e where e.site_id = $1 order by e.requested_at desc, e.id limit $2`;

/** The newest orders of a site. */
export async function listErasures(
  db: Queryable,
  siteId: string,
  limit: number,
): Promise<readonly ErasureSummary[]> {
  return (await db.query<ErasureSummary>(LIST, [siteId, limit])).rows;
}
