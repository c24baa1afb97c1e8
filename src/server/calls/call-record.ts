import { Type } from '@sinclair/typebox';
import { LegKind } from '../../protocol/agent-view.ts';
import { SkillGroupName, VisitorCard } from '../../protocol/call-view.ts';
import { END_REASONS } from '../../protocol/end-reasons.ts';
import { OfferReason } from '../../protocol/offer-reason.ts';
import { closed, Nullable, OneOf, Uuid, type Shape } from '../../protocol/schema.ts';
import type { Queryable } from '../database/database.ts';
import { ms, SKILL, TALK_SECONDS, VISITOR_CARD } from '../views/view-columns.ts';

const Time = Type.Number({ description: 'Ms since 1970.' });

/** A call as a list shows it. */
export const CallSummary = closed({
  id: Uuid,
  state: OneOf('choosing', 'queued', 'offered', 'accepted', 'ready', 'connected', 'ended'),
  skill: Type.Union([SkillGroupName, Type.Null()], {
    description: 'Null for a call that has reached no queue.',
  }),
  visitor: VisitorCard,
  agent: Type.Union(
    [closed({ id: Uuid, username: Type.String(), name: Type.String() }), Type.Null()],
    { description: 'Who answers for the call, or answered for it last.' },
  ),
  requestedAt: Time,
  acceptedAt: Nullable(Time),
  readyAt: Nullable(Time),
  connectedAt: Nullable(Time),
  endedAt: Nullable(Time),
  reason: Nullable(OneOf(...END_REASONS)),
  seconds: Type.Number({ description: 'Talk time.' }),
});
export type CallSummary = Shape<typeof CallSummary>;

const LegRecord = closed({
  id: Uuid,
  kind: LegKind,
  state: OneOf(
    'offered',
    'accepted',
    'joined',
    'left',
    'closed',
    'declined',
    'missed',
    'withdrawn',
  ),
  agent: Type.String({ description: 'A username.' }),
  group: Type.String({
    description: 'The id of the skill group through which the agent was chosen.',
  }),
  reason: OfferReason,
  endReason: Type.Union([Type.String(), Type.Null()], { description: 'Why the leg ended.' }),
  offeredAt: Time,
  acceptedAt: Nullable(Time),
  joinedAt: Nullable(Time),
  leftAt: Nullable(Time),
  closedAt: Nullable(Time),
});

const CallEvent = closed({
  sequence: Type.Integer(),
  type: Type.String({ description: 'For example created, offered, accepted, connected, ended.' }),
  at: Time,
  actor: OneOf('visitor', 'agent', 'guest', 'system'),
  leg: Nullable(Uuid),
  agent: Type.Union([Type.String(), Type.Null()], { description: 'A username.' }),
  data: Type.Record(Type.String(), Type.Unknown()),
});

/** A call with everything that happened in it. */
export const CallRecord = closed({
  ...CallSummary.properties,
  legs: Type.Array(LegRecord, { description: 'In the order of their offers.' }),
  events: Type.Array(CallEvent, { description: 'In their order.' }),
});
export type CallRecord = Shape<typeof CallRecord>;

// The last leg that was accepted is the owner's, also after the owner has left.
const SUMMARY = `
  c.id, c.state, case when g.id is not null then ${SKILL} end as skill, ${VISITOR_CARD} as visitor,
  case when a.id is not null
       then json_build_object('id', a.id, 'username', a.username, 'name', a.name) end as agent,
  ${ms('c.requested_at')} as "requestedAt",
  (select ${ms('min(l.accepted_at)')} from legs l where l.call_id = c.id) as "acceptedAt",
  ${ms('c.ready_at')} as "readyAt", ${ms('c.connected_at')} as "connectedAt",
  ${ms('c.ended_at')} as "endedAt", c.ended_reason as reason, ${TALK_SECONDS} as seconds`;
const FROM = `
  from calls c left join skill_groups g on g.site_id = c.site_id and g.id = c.group_id
  left join visitors v on v.id = c.visitor_id
  left join legs o on o.id = c.owner_leg_id left join agents a on a.id = o.agent_id`;

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
          from call_events e left join agents ea on ea.id = e.agent_id where e.call_id = c.id) as events
  ${FROM} where c.id = $1 and c.site_id = $2`;

/** Null if the site has no such call. */
export async function readCallRecord(
  db: Queryable,
  siteId: string,
  id: string,
): Promise<CallRecord | null> {
  const { rows } = await db.query<CallRecord>(READ_RECORD, [id, siteId]);
  return rows[0] ?? null;
}

/** The room of a call (null: it has none). Undefined if the site has no such call. */
export async function readCallRoom(
  db: Queryable,
  siteId: string,
  id: string,
): Promise<number | null | undefined> {
  const { rows } = await db.query<{ room: number | null }>(
    'select room from calls where id = $1 and site_id = $2',
    [id, siteId],
  );
  return rows[0]?.room;
}

export interface CallPage {
  readonly calls: readonly CallSummary[];
  /** Where the next page begins; null on the last page. */
  readonly cursor: string | null;
}

/** The last call of the page before: when it was requested, in microseconds since 1970, and its id. */
const CURSOR = /^(\d{1,18})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

const LIST = `
select ${SUMMARY}, (extract(epoch from c.requested_at) * 1000000)::bigint::text as micros ${FROM}
 where c.site_id = $1
   and c.requested_at >= to_timestamp($2::float8 / 1000) and c.requested_at < to_timestamp($3::float8 / 1000)
   and ($4::text is null or (c.requested_at, c.id) <
        ('epoch'::timestamptz + $4::text::bigint * interval '1 microsecond', $5::uuid))
 order by c.requested_at desc, c.id desc limit $6`;

/** Newest first. `from` (inclusive) and `to` (exclusive) in ms since 1970. Null for an invalid cursor. */
export async function listCalls(
  db: Queryable,
  siteId: string,
  page: { from: number; to: number; limit: number; cursor?: string | undefined },
): Promise<CallPage | null> {
  const after = CURSOR.exec(page.cursor ? Buffer.from(page.cursor, 'base64url').toString() : '');
  if (page.cursor !== undefined && !after) return null;
  const { rows } = await db.query<CallSummary & { micros: string }>(LIST, [
    siteId,
    page.from,
    page.to,
    after?.[1] ?? null,
    after?.[2] ?? null,
    page.limit + 1,
  ]);
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  return {
    calls: shown.map(({ micros: _, ...call }) => call),
    cursor: last ? Buffer.from(`${last.micros}.${last.id}`).toString('base64url') : null,
  };
}
