import { RtcDeskError } from '../../../protocol/errors.ts';
import { RestError } from '../../../protocol/rest/rest-error.ts';
import type { Queryable } from '../../database/database.ts';
import type { FollowUpAsked } from '../../follow-ups/change-follow-up.ts';
import type { FollowUpReach } from '../../follow-ups/follow-up-row.ts';
import type { AgentViewer } from '../viewer.ts';

const GROUPS = `
select array(select m.group_id from memberships m where m.agent_id = a.id) as groups, a.role || ' ' || a.username as by
  from agents a where a.id = $1`;

interface Row {
  readonly groups: readonly string[];
  readonly by: string;
}

async function read(db: Queryable, agentId: string): Promise<Row> {
  const { rows } = await db.query<Row>(GROUPS, [agentId]);
  if (!rows[0]) throw new RtcDeskError('forbidden', 'This agent was deleted.');
  return rows[0];
}

/** At the desk everybody reaches the messages of their own groups. */
export async function followUpReach(
  db: Queryable,
  { agentId, site }: AgentViewer,
): Promise<FollowUpReach> {
  return { siteId: site.id, groups: (await read(db, agentId)).groups };
}

/**
 * A follow-up that the agent changes, in the version that they have read. At the desk everybody takes care of messages for
 * themselves.
 */
export async function askedFollowUp(
  db: Queryable,
  { agentId, site }: AgentViewer,
  { followUpId: id, version }: { readonly followUpId: string; readonly version: string },
): Promise<FollowUpAsked> {
  const { groups, by } = await read(db, agentId);
  return { siteId: site.id, groups, id, version, by, onlyAssignee: agentId };
}

/** Throws the code of the wire: `conflict` for an old version, `forbidden` for what the agent does not reach. */
export function refuseFollowUp(error: unknown): never {
  const options = { cause: error };
  if (error instanceof RestError) throw new RtcDeskError('conflict', error.message, options);
  if (error instanceof RtcDeskError && error.code === 'not-found') {
    throw new RtcDeskError('forbidden', error.message, options);
  }
  throw error;
}
