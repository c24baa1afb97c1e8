import type { CallRecord, CallSummary } from '../../protocol/rest/calls.ts';
import type { Reach } from '../../protocol/rest/permissions.ts';
import type { Queryable } from '../database/database.ts';
import { flowAnswers } from '../flows/flow-answers.ts';
import { readFlowVersion } from '../flows/flow-version.ts';
import type { Caller } from '../identity/caller.ts';
import { WHOLE_DEVICE_REPORT } from './device-report.ts';
import { readSteps } from './first-frame.ts';
import { ms, SKILL, TALK_SECONDS, VISITOR_CARD } from '../views/view-columns.ts';
import { DISPOSITION, NOTE_VERSIONS, TAGS } from '../wrap-up/call-outcome.ts';

/** Whose calls are read: those of the site; only of these groups; or only those that this agent has accepted. */
export interface CallScope {
  readonly siteId: string;
  readonly groups: readonly string[] | null;
  readonly agentId: string | null;
}

/** The calls that an action of this caller reaches. */
export const callScope = (
  { siteId, groups, agentId }: Pick<Caller, 'siteId' | 'groups' | 'agentId'>,
  reach: Exclude<Reach, 'none'>,
): CallScope => ({
  siteId,
  groups: reach === 'groups' ? groups : null,
  agentId: reach === 'own' ? agentId : null,
});

// The last leg that was accepted is the owner's, also after the owner has left.
export const SUMMARY = `
  c.id, c.state, case when g.id is not null then ${SKILL} end as skill, ${VISITOR_CARD} as visitor,
  case when a.id is not null
       then json_build_object('id', a.id, 'username', a.username, 'name', a.name) end as agent,
  ${ms('c.requested_at')} as "requestedAt",
  (select ${ms('min(l.accepted_at)')} from legs l where l.call_id = c.id) as "acceptedAt",
  ${ms('c.ready_at')} as "readyAt", ${ms('c.connected_at')} as "connectedAt",
  ${ms('c.ended_at')} as "endedAt", c.ended_reason as reason, ${TALK_SECONDS} as seconds,
  ${DISPOSITION} as disposition, ${TAGS} as tags,
  (select json_build_object('kind', cr.kind, 'value', cr.value, 'reasons', cr.reasons, 'text', cr.text,
                            'at', ${ms('cr.changed_at')})
     from call_ratings cr where cr.call_id = c.id) as rating,
  (select json_build_object('agreed', ck.agreed, 'at', ${ms('ck.decided_at')}, 'remembered', ck.remembered,
                            'version', ck.version)
     from call_consents ck where ck.call_id = c.id) as consent`;
export const FROM = `
  from calls c left join skill_groups g on g.site_id = c.site_id and g.id = c.group_id
  left join visitors v on v.id = c.visitor_id
  left join legs o on o.id = c.owner_leg_id left join agents a on a.id = o.agent_id`;

/** Of the row `c` of calls. The scope is $1 to $3 (`scopeValues`). */
export const IN_SCOPE = `
  c.site_id = $1 and ($2::text[] is null or c.group_id = any ($2))
  and ($3::uuid is null or exists (
    select from legs sl where sl.call_id = c.id and sl.agent_id = $3 and sl.accepted_at is not null))`;

export const scopeValues = ({ siteId, groups, agentId }: CallScope): readonly unknown[] => [
  siteId,
  groups,
  agentId,
];

const READ_RECORD = `
select ${SUMMARY},
       (select coalesce(json_agg(json_build_object(
                 'id', l.id, 'kind', l.kind, 'state', l.state, 'agent', la.username, 'group', l.group_id,
                 'reason', l.reason, 'endReason', l.end_reason, 'offeredAt', ${ms('l.offered_at')},
                 'acceptedAt', ${ms('l.accepted_at')}, 'joinedAt', ${ms('l.joined_at')},
                 'leftAt', ${ms('l.left_at')}, 'closedAt', ${ms('l.closed_at')})
                 order by l.offered_at, l.id), '[]')
          from legs l join agents la on la.id = l.agent_id where l.call_id = c.id) as legs,
       (select coalesce(json_agg(json_build_object(
                 'sequence', e.sequence, 'type', e.type, 'at', ${ms('e.at')}, 'actor', e.actor,
                 'leg', e.leg_id, 'agent', ea.username, 'data', e.data) order by e.sequence), '[]')
          from call_events e left join agents ea on ea.id = e.agent_id where e.call_id = c.id) as events,
       (select ct.content from call_consents ck
          join consent_texts ct on ct.site_id = ck.site_id and ct.version = ck.version
         where ck.call_id = c.id) as "consentText",
       (select json_build_object('reason', h.reason, 'by', h.held_by, 'at', ${ms('h.held_at')})
          from legal_holds h where h.call_id = c.id) as "legalHold",
       ${WHOLE_DEVICE_REPORT} as "deviceReport", ${NOTE_VERSIONS} as notes, c.flow_version_id as flow,
       array(select l.agent_id::text from legs l where l.call_id = c.id
             union select n.agent_id::text from call_notes n where n.call_id = c.id) as agents
  ${FROM} where c.id = $4 and ${IN_SCOPE}`;

const READ_AGENTS = `
select id, username, name from agents where site_id = $1 and id = any ($2::uuid[]) order by username`;

/** Null if there is no such call in the scope. */
export async function readCallRecord(
  db: Queryable,
  scope: CallScope,
  id: string,
): Promise<CallRecord | null> {
  type Row = Omit<CallRecord, 'agents' | 'flow' | 'steps'> & {
    readonly agents: readonly string[];
    /** The version of the flow. */
    readonly flow: string | null;
  };
  const { rows } = await db.query<Row>(READ_RECORD, [...scopeValues(scope), id]);
  const [row] = rows;
  if (!row) return null;
  const named = row.legs.flatMap(({ reason }) =>
    'passedOver' in reason.params ? reason.params.passedOver.map(({ agentId }) => agentId) : [],
  );
  const agents = await db.query<CallRecord['agents'][number]>(READ_AGENTS, [
    scope.siteId,
    [...new Set([...row.agents, ...named])],
  ]);
  return {
    ...row,
    agents: agents.rows,
    flow: await readFlow(db, row.flow, row.events),
    steps: await readSteps(db, id),
  };
}

async function readFlow(
  db: Queryable,
  id: string | null,
  events: CallRecord['events'],
): Promise<CallRecord['flow']> {
  if (id === null) return null;
  const { flowId, version, document } = await readFlowVersion(db, id);
  return { id: flowId, version, answers: flowAnswers(document, events) };
}

/** The room of a call (null: it has none). Undefined if there is no such call in the scope. */
export async function readCallRoom(
  db: Queryable,
  scope: CallScope,
  id: string,
): Promise<number | null | undefined> {
  const { rows } = await db.query<{ room: number | null }>(
    `select c.room from calls c where c.id = $4 and ${IN_SCOPE}`,
    [...scopeValues(scope), id],
  );
  return rows[0]?.room;
}

/** Null if there is no such call in the scope. */
export async function readCallSummary(
  db: Queryable,
  scope: CallScope,
  id: string,
): Promise<CallSummary | null> {
  const { rows } = await db.query<CallSummary>(
    `select ${SUMMARY} ${FROM} where c.id = $4 and ${IN_SCOPE}`,
    [...scopeValues(scope), id],
  );
  return rows[0] ?? null;
}

/** A picture of a call's conversation: WebP. Null if there is none in the scope. */
export async function readCallPicture(
  db: Queryable,
  scope: CallScope,
  id: string,
  picture: string,
): Promise<Buffer | null> {
  const { rows } = await db.query<{ bytes: Buffer | Uint8Array }>(
    `select i.bytes from calls c join images i on i.room = c.room
      where c.id = $4 and i.id = $5 and ${IN_SCOPE}`,
    [...scopeValues(scope), id, picture],
  );
  return rows[0] ? Buffer.from(rows[0].bytes) : null;
}
