import type { Queryable } from '../database/database.ts';

const LEAVE = `
with left_now as (
  insert into follow_ups (site_id, group_id, call_id, kind, contact, text)
  select c.site_id, g.id, c.id, $3, $4, $5
    from calls c cross join lateral (
      select g.id from skill_groups g where g.site_id = c.site_id
       order by g.id is distinct from coalesce($2, c.group_id), g.position, g.id limit 1) g
   where c.id = $1
  returning id, kind)
insert into callbacks (id) select id from left_now where kind = 'callback'`;

export interface NewFollowUp {
  readonly callId: string;
  readonly kind: 'message' | 'callback';
  /** Null, or a group that is gone: the call's, else the site's first. */
  readonly group: string | null;
  readonly contact: string;
  readonly text: string;
}

/** A message, or a callback that waits for its turn. The caller logs the call's event. */
export async function leaveFollowUp(
  tx: Queryable,
  { callId, group, kind, contact, text }: NewFollowUp,
): Promise<void> {
  await tx.query(LEAVE, [callId, group, kind, contact, text]);
}
