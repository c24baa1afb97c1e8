import { Type, type Static } from '@sinclair/typebox';
import type { Queryable } from '../database/database.ts';
import { ms, SKILL, TALK_SECONDS, VISITOR_CARD } from '../views/view-columns.ts';

const Nullable = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Number>>(
  type: T,
) => Type.Union([type, Type.Null()]);
const MaybeText = Nullable(Type.String());
const MaybeTime = Nullable(Type.Number());

/** A call as a list shows it. */
export const CallSummary = Type.Object({
  id: Type.String(),
  state: Type.String({
    description: 'queued, offered, accepted, ready, connected or ended',
  }),
  skill: Type.Object({ id: Type.String(), name: Type.String() }),
  visitor: Type.Object({
    name: Type.String(),
    verified: Type.Boolean({ description: 'Whether your backend signed id and name.' }),
    id: MaybeText,
    page: MaybeText,
    language: MaybeText,
    params: Type.Record(Type.String(), Type.String()),
  }),
  agent: Type.Union([
    Type.Object({ id: Type.String(), username: Type.String(), name: Type.String() }),
    Type.Null(),
  ]),
  requestedAt: Type.Number(),
  acceptedAt: MaybeTime,
  readyAt: MaybeTime,
  connectedAt: MaybeTime,
  endedAt: MaybeTime,
  reason: Type.Union([Type.String(), Type.Null()], { description: 'How it ended.' }),
  seconds: Type.Number({ description: 'Talk time.' }),
});
export type CallSummary = Static<typeof CallSummary>;

/** A call with everything that happened to it. */
export const CallRecord = Type.Composite([
  CallSummary,
  Type.Object({
    transitions: Type.Array(
      Type.Object({
        from: MaybeText,
        to: Type.String(),
        at: Type.Number(),
        reason: Type.String(),
        agent: MaybeText,
      }),
      { description: 'In their order; `agent` is a username.' },
    ),
    offers: Type.Array(
      Type.Object({
        agent: Type.String(),
        state: Type.String({ description: 'active, accepted, declined, missed or withdrawn' }),
        why: Type.String({ description: 'Why it was offered to this agent.' }),
        offeredAt: Type.Number(),
        deadline: Type.Number(),
        closedAt: MaybeTime,
      }),
    ),
  }),
]);
export type CallRecord = Static<typeof CallRecord>;

const SUMMARY = `
  c.id, c.state, ${SKILL} as skill, ${VISITOR_CARD} as visitor,
  case when a.id is not null
       then json_build_object('id', a.id, 'username', a.username, 'name', a.name) end as agent,
  ${ms('c.requested_at')} as "requestedAt", ${ms('c.accepted_at')} as "acceptedAt",
  ${ms('c.ready_at')} as "readyAt", ${ms('c.connected_at')} as "connectedAt",
  ${ms('c.ended_at')} as "endedAt", c.ended_reason as reason,
  ${TALK_SECONDS} as seconds`;
const FROM = `
  from calls c join skill_groups g on g.site_id = c.site_id and g.id = c.group_id
  left join agents a on a.id = c.agent_id`;

/** Null where the site has no such call. */
export async function readCallRecord(
  db: Queryable,
  siteId: string,
  id: string,
): Promise<CallRecord | null> {
  const { rows } = await db.query<CallRecord>(
    `select ${SUMMARY},
       (select coalesce(json_agg(json_build_object('from', t.from_state, 'to', t.to_state, 'at', ${ms('t.at')},
                 'reason', t.reason, 'agent', ta.username) order by t.epoch), '[]')
          from call_transitions t left join agents ta on ta.id = t.agent_id where t.call_id = c.id) as transitions,
       (select coalesce(json_agg(json_build_object('agent', oa.username, 'state', o.state, 'why', o.why,
                 'offeredAt', ${ms('o.offered_at')}, 'deadline', ${ms('o.deadline')},
                 'closedAt', ${ms('o.closed_at')}) order by o.offered_at, o.epoch), '[]')
          from offers o join agents oa on oa.id = o.agent_id where o.call_id = c.id) as offers
     ${FROM} where c.id = $1 and c.site_id = $2`,
    [id, siteId],
  );
  return rows[0] ?? null;
}

export interface CallList {
  readonly calls: readonly CallSummary[];
  /** Where the next page begins; null on the last. */
  readonly cursor: string | null;
}

/** A place in the list: after this call. */
const CURSOR = /^(\d{1,18})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The page's calls among those that are live, or that have ended: each has an index of its own. */
const newest = (ended: string): string => `(
  select c.id from calls c
   where c.site_id = $1 and c.ended_at ${ended}
     and c.requested_at >= to_timestamp($2::float8 / 1000) and c.requested_at < to_timestamp($3::float8 / 1000)
     and ($4::text is null or (c.requested_at, c.id) <
          ('epoch'::timestamptz + $4::text::bigint * interval '1 microsecond', $5::uuid))
   order by c.requested_at desc, c.id desc limit $6)`;

/** Newest first. `from` and `to` in ms since 1970, `to` not among them. Null for a cursor that is none. */
export async function listCalls(
  db: Queryable,
  siteId: string,
  page: { from: number; to: number; limit: number; cursor?: string | undefined },
): Promise<CallList | null> {
  const after = CURSOR.exec(page.cursor ? Buffer.from(page.cursor, 'base64url').toString() : '');
  if (page.cursor !== undefined && !after) return null;
  const { rows } = await db.query<CallSummary & { micros: string }>(
    `select ${SUMMARY}, (extract(epoch from c.requested_at) * 1000000)::bigint::text as micros ${FROM}
      where c.id in (${newest('is null')} union all ${newest('is not null')})
      order by c.requested_at desc, c.id desc limit $6`,
    [siteId, page.from, page.to, after?.[1] ?? null, after?.[2] ?? null, page.limit + 1],
  );
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1) : undefined;
  return {
    calls: shown,
    cursor: last ? Buffer.from(`${last.micros}.${last.id}`).toString('base64url') : null,
  };
}
