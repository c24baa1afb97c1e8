import type { FollowUp } from '../../protocol/rest/follow-ups.ts';
import { versionOf } from '../configuration/version.ts';
import { ms } from '../views/view-columns.ts';

/** A row of a statement with `FOLLOW_UP`. */
export type FollowUpRow = Omit<FollowUp, 'version'>;

/** The columns of a `FollowUpRow` for the row `f` of follow_ups and its call `c`. */
export const FOLLOW_UP = `
  f.id, f.kind, f.group_id as "group", f.call_id as call, c.visitor_name as visitor, f.contact, f.text,
  ${ms('f.left_at')} as "leftAt", ${ms('f.handled_at')} as "handledAt", f.handled_by as "handledBy",
  (select json_build_object('id', a.id, 'name', a.name) from agents a where a.id = f.assignee) as assignee,
  (select json_build_object('state', b.state, 'attempts', b.attempts, 'nextAt', ${ms('b.next_at')},
                            'expiresAt', ${ms('b.expires_at')})
     from callbacks b where b.id = f.id) as callback`;

/** The version is of what people decide. A callback that moves on by itself is no change of somebody else. */
export function followUpOf(row: FollowUpRow): FollowUp {
  const { assignee, handledAt } = row;
  return { ...row, version: versionOf({ assignee: assignee?.id ?? null, handledAt }) };
}

/** Whose follow-ups a caller reaches. */
export interface FollowUpReach {
  readonly siteId: string;
  /** Null: every group. */
  readonly groups: readonly string[] | null;
}
