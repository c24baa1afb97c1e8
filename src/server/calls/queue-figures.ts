import type { Queryable } from '../database/database.ts';

export interface QueueFigures {
  /** Live calls by state. Every live state has an entry. */
  readonly calls: Readonly<Record<string, number>>;
  /** Agents with a live socket, by the status that they chose. Every status has an entry. */
  readonly agents: Readonly<Record<string, number>>;
  /** In seconds; 0 if nobody waits. */
  readonly longestWait: number;
}

const LIVE_STATES = ['choosing', 'queued', 'offered', 'accepted', 'ready', 'connected'];
const STATUSES = ['offline', 'available', 'break', 'away'];

/** What an operator watches, over all sites. */
export async function readQueueFigures(db: Queryable): Promise<QueueFigures> {
  const { rows } = await db.query<{ kind: string; name: string; count: number; wait: number }>(
    `select 'call' as kind, state as name, count(*)::int as count,
            coalesce(extract(epoch from now() - min(requested_at) filter (where state in ('queued', 'offered'))), 0)::float8 as wait
       from calls where ended_at is null group by state
     union all
     select 'agent', a.status, count(*)::int, 0 from agents a
      where exists (select from connections x where x.agent_id = a.id) group by a.status`,
    [],
  );
  const counts = (kind: string, names: readonly string[]): Record<string, number> =>
    Object.fromEntries(
      names.map((name) => [
        name,
        rows.find((row) => row.kind === kind && row.name === name)?.count ?? 0,
      ]),
    );
  return {
    calls: counts('call', LIVE_STATES),
    agents: counts('agent', STATUSES),
    longestWait: Math.max(0, ...rows.map(({ wait }) => wait)),
  };
}
