import type { WaitEstimate } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';

/** What the waits of a group are estimated from. */
export interface WaitBasis {
  /** Agents of the group who are there and take calls, or are in one. */
  readonly agents: number;
  /** Seconds from accept to free again, of the last calls: a quarter took less than `quick`, a quarter more than `slow`. */
  readonly quick: number;
  readonly slow: number;
  /** Seconds from request to accept, of the last calls: the median. */
  readonly waited: number;
}

const LAST_CALLS = 20;

const READ = `
select asked.site_id || '/' || asked.group_id as key, here.agents, past.quick, past.slow, past.waited
  from unnest($1::text[], $2::text[]) as asked (site_id, group_id)
  cross join lateral (
    select count(*)::int as agents from agent_groups m join agents a on a.id = m.agent_id
     where m.site_id = asked.site_id and m.group_id = asked.group_id and a.status = 'available'
       and exists (select from connections x where x.agent_id = a.id)) here
  cross join lateral (
    select percentile_cont(0.25) within group (order by extract(epoch from l.ended_at - l.accepted_at) + g.wrap_up_seconds) as quick,
           percentile_cont(0.75) within group (order by extract(epoch from l.ended_at - l.accepted_at) + g.wrap_up_seconds) as slow,
           percentile_cont(0.5) within group (order by extract(epoch from l.accepted_at - l.requested_at)) as waited
      from (select c.requested_at, c.accepted_at, c.ended_at from calls c
             where c.site_id = asked.site_id and c.group_id = asked.group_id
               and c.accepted_at is not null and c.connected_at is not null and c.ended_at is not null
             order by c.accepted_at desc limit ${LAST_CALLS}) l
      join skill_groups g on g.site_id = asked.site_id and g.id = asked.group_id) past`;

/** Reads the basis of many groups in one statement; by `site/group`. A group without history has none. */
export async function readWaitBases(
  db: Queryable,
  groups: readonly { readonly siteId: string; readonly groupId: string }[],
): Promise<ReadonlyMap<string, WaitBasis>> {
  const { rows } = await db.query<{ key: string; quick: number | null } & Omit<WaitBasis, 'quick'>>(
    READ,
    [groups.map(({ siteId }) => siteId), groups.map(({ groupId }) => groupId)],
  );
  return new Map(
    rows.flatMap(({ key, quick, ...rest }) => (quick === null ? [] : [[key, { ...rest, quick }]])),
  );
}

/**
 * With n agents, one of them becomes free n times in a handling time. Whoever is at `position` p is
 * answered after p of these: at least (p − 1) × quick ÷ n, at most p × slow ÷ n, and at most not less
 * than what the last ones waited, divided among the places. Null where nobody is there to answer.
 */
export function estimateWait(basis: WaitBasis | undefined, position: number): WaitEstimate | null {
  if (!basis || basis.agents === 0) return null;
  const min = ((position - 1) * basis.quick) / basis.agents;
  const max = Math.max((position * basis.slow) / basis.agents, position === 1 ? basis.waited : 0);
  return { min: roundDown(min), max: Math.max(roundUp(max), roundDown(min) + step(min)) };
}

/** What a person would say: to 5 s within a minute, to half a minute within ten, to a minute beyond. */
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
