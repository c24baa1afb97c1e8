import { RtcDeskError } from '../../protocol/errors.ts';
import type { Queryable } from '../database/database.ts';

const MISSING = `
select x.id from unnest($2::text[]) as x (id)
 where not exists (select from skill_groups g where g.site_id = $1 and g.id = x.id) limit 1`;

/** Rejects with `bad-message` if the site lacks one of the groups, or one is named twice. */
export async function requireGroups(
  tx: Queryable,
  siteId: string,
  ids: readonly string[],
): Promise<void> {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw new RtcDeskError('bad-message', `The group "${twice}" is named twice.`);
  }
  const { rows } = await tx.query<{ id: string }>(MISSING, [siteId, ids]);
  if (!rows[0]) return;
  throw new RtcDeskError('bad-message', `The site has no group "${rows[0].id}".`);
}
