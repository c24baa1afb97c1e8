import { RtcDeskError } from '../../protocol/errors.ts';
import type { Queryable } from '../database/database.ts';
import type { FollowUpAsked } from './change-follow-up.ts';

const READ = `
select array(select m.group_id from memberships m where m.agent_id = a.id) as groups, a.role || ' ' || a.username as by
  from agents a where a.id = $1`;

/** At the desk everybody reaches the messages of their own groups, and takes care of them for themselves. */
export async function deskReach(
  db: Queryable,
  { agentId, siteId }: { readonly agentId: string; readonly siteId: string },
): Promise<Omit<FollowUpAsked, 'id' | 'version'>> {
  const { rows } = await db.query<Pick<FollowUpAsked, 'groups' | 'by'>>(READ, [agentId]);
  if (!rows[0]) throw new RtcDeskError('forbidden', 'This agent was deleted.');
  return { ...rows[0], siteId, onlyAssignee: agentId };
}
