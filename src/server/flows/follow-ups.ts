import { Type } from '@sinclair/typebox';
import { closed, Nullable, OneOf, Uuid, type Shape } from '../../protocol/schema.ts';
import type { Queryable } from '../database/database.ts';
import { ms } from '../views/view-columns.ts';

/** A message that a visitor left, or a callback that a visitor asked for. */
export const FollowUp = closed({
  id: Uuid,
  kind: OneOf('message', 'callback'),
  group: Type.String({ description: 'The id of a skill group.' }),
  call: Uuid,
  visitor: Type.String({ description: 'The name.' }),
  contact: Type.String({ description: 'As the visitor wrote it.' }),
  text: Type.String(),
  leftAt: Type.Number({ description: 'Ms since 1970.' }),
  handledAt: Nullable(Type.Number()),
  handledBy: Nullable(Type.String()),
});
export type FollowUp = Shape<typeof FollowUp>;

const COLUMNS = `
  f.id, f.kind, f.group_id as "group", f.call_id as call, c.visitor_name as visitor, f.contact, f.text,
  ${ms('f.left_at')} as "leftAt", ${ms('f.handled_at')} as "handledAt", f.handled_by as "handledBy"`;

const LIST = `
select ${COLUMNS} from follow_ups f join calls c on c.id = f.call_id
 where f.site_id = $1 and ($2::text[] is null or f.group_id = any ($2)) and ($3::boolean or f.handled_at is null)
   and ($4::uuid is null or (f.left_at, f.id) < (select l.left_at, l.id from follow_ups l where l.id = $4))
 order by f.left_at desc, f.id desc limit $5`;

export interface FollowUpQuery {
  readonly siteId: string;
  /** Null: every group. */
  readonly groups: readonly string[] | null;
  /** Also those that were handled. */
  readonly all: boolean;
  /** The last one of the page before. */
  readonly after: string | null;
  readonly limit: number;
}

/** The newest first. */
export async function listFollowUps(
  db: Queryable,
  { siteId, groups, all, after, limit }: FollowUpQuery,
): Promise<FollowUp[]> {
  return (await db.query<FollowUp>(LIST, [siteId, groups, all, after, limit])).rows;
}

const HANDLE = `
with handled as (
  update follow_ups f set handled_at = case when $4 then now() end, handled_by = case when $4 then $5 end
   where f.site_id = $1 and f.id = $2 and ($3::text[] is null or f.group_id = any ($3))
  returning f.*)
select ${COLUMNS} from handled f join calls c on c.id = f.call_id`;

/** Notes that somebody has answered, or takes it back. Null if the caller's groups have no such follow-up. */
export async function handleFollowUp(
  db: Queryable,
  { siteId, groups }: Pick<FollowUpQuery, 'siteId' | 'groups'>,
  { id, handled, by }: { readonly id: string; readonly handled: boolean; readonly by: string },
): Promise<FollowUp | null> {
  return (await db.query<FollowUp>(HANDLE, [siteId, id, groups, handled, by])).rows[0] ?? null;
}
