import { RtcDeskError } from '../../protocol/errors.ts';
import type { PastCall } from '../../protocol/past-call.ts';
import type { Queryable } from '../database/database.ts';
import { ms, PARAM_WORDS, SKILL, TALK_SECONDS } from '../views/view-columns.ts';
import { DISPOSITION, NEWEST_NOTES, TAGS } from '../wrap-up/call-outcome.ts';
import { READABLE } from './readable-call.ts';

const MAX_CALLS = 20;

const PAST_CALL = `
  c.id, c.visitor_name as "visitorName", c.params, ${PARAM_WORDS} as "paramWords",
  case when g.id is not null then ${SKILL} end as skill,
  (select oa.name from legs o join agents oa on oa.id = o.agent_id where o.id = c.owner_leg_id) as agent,
  ${ms('c.requested_at')} as "requestedAt", c.ended_reason as reason, ${TALK_SECONDS} as seconds,
  ${DISPOSITION} as disposition, ${TAGS} as tags, ${NEWEST_NOTES} as notes
  from calls c left join skill_groups g on g.site_id = c.site_id and g.id = c.group_id`;

const READ = `select ${PAST_CALL} where c.id = $2 and ${READABLE}`;

/** Rejects with `forbidden` for a call that the agent may not read. */
export async function readPastCall(
  db: Queryable,
  { callId, agentId }: { readonly callId: string; readonly agentId: string },
): Promise<PastCall> {
  const { rows } = await db.query<PastCall>(READ, [agentId, callId]);
  if (!rows[0]) throw new RtcDeskError('forbidden', 'You may not read this call.');
  return rows[0];
}

const HAS_CALL = `
select from legs where call_id = $2 and agent_id = $1 and state in ('offered', 'accepted', 'joined', 'left')`;

const HISTORY = `
select ${PAST_CALL}
 where c.visitor_id = (select visitor_id from calls where id = $2) and c.id <> $2 and ${READABLE}
 order by c.requested_at desc, c.id limit ${MAX_CALLS}`;

/**
 * The last 20 calls of the verified visitor of a call that the agent has now, newest first: those that the agent may
 * read. Empty if the visitor is not verified. Rejects with `forbidden` if the agent does not have this call.
 */
export async function readVisitorHistory(
  db: Queryable,
  { callId, agentId }: { readonly callId: string; readonly agentId: string },
): Promise<readonly PastCall[]> {
  if ((await db.query(HAS_CALL, [agentId, callId])).rowCount === 0) {
    throw new RtcDeskError('forbidden', 'This call is not yours.');
  }
  return (await db.query<PastCall>(HISTORY, [agentId, callId])).rows;
}
