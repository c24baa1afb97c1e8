import type { FollowUp, FollowUpQuery } from '../../protocol/rest/follow-ups.ts';
import { paged, pageOf, pageValues, type Page } from '../configuration/page.ts';
import type { Queryable } from '../database/database.ts';
import { FOLLOW_UP, followUpOf, type FollowUpReach, type FollowUpRow } from './follow-up-row.ts';

const LIST = paged(`
  select ${FOLLOW_UP}, to_char(f.left_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') as sort_key, f.id::text as sort_id
    from follow_ups f join calls c on c.id = f.call_id
   where f.site_id = $6 and $5::text is not null and ($7::text[] is null or f.group_id = any ($7))
     and ($8::text is null or ($8 = 'handled') = (f.handled_at is not null))
     and ($9::text is null or f.kind = $9) and ($10::text is null or f.group_id = $10)`);
const ORDER = '-leftAt';

/** Messages and callbacks within reach, the newest first. */
export async function listFollowUps(
  db: Queryable,
  { siteId, groups }: FollowUpReach,
  query: FollowUpQuery,
): Promise<Page<FollowUp>> {
  const { status = null, kind = null, group = null } = query;
  const { rows } = await db.query<FollowUpRow & { sort_key: string; sort_id: string }>(LIST, [
    ...pageValues(query, ORDER),
    siteId,
    groups,
    status,
    kind,
    group,
  ]);
  const { items, cursor } = pageOf<FollowUpRow>(rows, query, ORDER);
  return { items: items.map(followUpOf), cursor };
}
