import type { WaitEstimate } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';

/** A skill group of a site. */
export interface GroupKey {
  readonly siteId: string;
  readonly groupId: string;
}

/** What the waits of a group are estimated from. */
export interface WaitBasis {
  /** Agents of the group who are connected and available, or in a call. */
  readonly agents: number;
  /**
   * Seconds that one of the last calls kept its agent, wrap-up included: a quarter of them took less than `quick`, a
   * quarter more than `slow`.
   */
  readonly quick: number;
  readonly slow: number;
  /** Median of the seconds from request to connection, over the last calls. */
  readonly waited: number;
}

const LAST_CALLS = 20;

const READ = `
  select asked.site_id || '/' || asked.group_id as key, here.agents, past.quick, past.slow, past.waited
    from unnest($1::text[], $2::text[]) as asked (site_id, group_id)
    cross join lateral (
      select count(*)::int as agents from memberships m join agents a on a.id = m.agent_id
       where m.site_id = asked.site_id and m.group_id = asked.group_id and a.status = 'available'
         and a.disabled_at is null and exists (select from connections x where x.agent_id = a.id)) here
    cross join lateral (
      select percentile_cont(0.25) within group (order by l.handled) as quick,
             percentile_cont(0.75) within group (order by l.handled) as slow,
             percentile_cont(0.5) within group (order by l.waited) as waited
        from (select extract(epoch from c.ended_at - c.connected_at) + g.wrap_up_seconds as handled,
                     extract(epoch from c.connected_at - c.requested_at) as waited
                from calls c join skill_groups g on g.site_id = c.site_id and g.id = c.group_id
               where c.site_id = asked.site_id and c.group_id = asked.group_id and c.callback_id is null
                 and c.connected_at is not null and c.ended_at is not null
               order by c.ended_at desc limit ${LAST_CALLS}) l) past`;

/** Reads the basis of many groups in one statement, by `site/group`. A group without history has none. */
export async function readWaitBases(
  db: Queryable,
  groups: readonly GroupKey[],
): Promise<ReadonlyMap<string, WaitBasis>> {
  if (groups.length === 0) return new Map();
  const { rows } = await db.query<{ key: string; quick: number | null } & Omit<WaitBasis, 'quick'>>(
    READ,
    [groups.map(({ siteId }) => siteId), groups.map(({ groupId }) => groupId)],
  );
  return new Map(
    rows.flatMap(({ key, quick, ...rest }) => (quick === null ? [] : [[key, { ...rest, quick }]])),
  );
}

const QUEUES = `
select c.group_id, count(*)::int as calls from calls c
 where c.site_id = $1 and c.group_id = any ($2::text[]) and c.state in ('queued', 'offered')
 group by c.group_id`;

/** The likely wait of a call that came now, by group. A group without an estimate is missing. */
export async function readWaits(
  db: Queryable,
  siteId: string,
  groups: readonly string[],
): Promise<ReadonlyMap<string, WaitEstimate>> {
  if (groups.length === 0) return new Map();
  const bases = await readWaitBases(
    db,
    groups.map((groupId) => ({ siteId, groupId })),
  );
  const { rows } = await db.query<{ group_id: string; calls: number }>(QUEUES, [siteId, groups]);
  const waiting = new Map(rows.map(({ group_id, calls }) => [group_id, calls]));
  return new Map(
    groups.flatMap((group) => {
      const estimate = estimateWait(bases.get(`${siteId}/${group}`), (waiting.get(group) ?? 0) + 1);
      return estimate ? [[group, estimate] as const] : [];
    }),
  );
}

/**
 * n agents become free n times in a handling time, so that position p is answered after p of these. The estimate
 * reaches from (p − 1) × quick ÷ n to p × slow ÷ n. The upper end of the first position is at least what the last
 * visitors waited. Null if no agent is there, or the group has no history.
 */
export function estimateWait(basis: WaitBasis | undefined, position: number): WaitEstimate | null {
  if (!basis || basis.agents === 0) return null;
  const min = ((position - 1) * basis.quick) / basis.agents;
  const max = Math.max((position * basis.slow) / basis.agents, position === 1 ? basis.waited : 0);
  return { min: roundDown(min), max: Math.max(roundUp(max), roundDown(min) + step(min)) };
}

/** Rounding for people: 5 s within a minute, half a minute within ten minutes, a minute beyond. */
function step(seconds: number): number {
  if (seconds < 60) return 5;
  return seconds < 600 ? 30 : 60;
}

function roundDown(seconds: number): number {
  return Math.floor(seconds / step(seconds)) * step(seconds);
}

function roundUp(seconds: number): number {
  return Math.ceil(seconds / step(seconds)) * step(seconds);
}
