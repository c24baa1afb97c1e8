import type { Queryable } from '../database/database.ts';
import type { Refusal } from './refusals.ts';
import type { RoutingRules } from './rules.ts';
import type { WaitingCall } from './waiting-call.ts';

export interface WaitingCalls {
  readonly calls: readonly WaitingCall[];
  /** By group id, of each group with a waiting call. */
  readonly rules: ReadonlyMap<string, RoutingRules>;
  /** When they were read, by the database's clock; in ms. */
  readonly now: number;
  /** Whether more calls wait than were read. */
  readonly cut: boolean;
}

interface Row {
  readonly id: string;
  readonly epoch: number;
  readonly group_id: string;
  readonly priority: number;
  readonly requested_at: number;
  readonly rules: RoutingRules;
  readonly rules_version: number;
  readonly visitor_last_agent: string | null;
  readonly refusals: readonly Refusal[] | null;
  readonly now: number;
}

/**
 * The oldest calls of each group and each priority. These are enough: priorities grow with waiting, and so a call is
 * never served before an older one of the same group and priority.
 */
const READ = `
select c.id, c.epoch, c.group_id, c.priority, (extract(epoch from c.requested_at) * 1000)::float8 as requested_at,
       g.rules, g.rules_version, (extract(epoch from statement_timestamp()) * 1000)::float8 as now,
       case when g.rules ? 'preferLast' then (
         select l.agent_id from calls earlier join legs l on l.call_id = earlier.id
          where earlier.visitor_id = c.visitor_id and earlier.id <> c.id and earlier.connected_at is not null
            and l.joined_at is not null and l.kind <> 'monitor'
          order by l.joined_at desc limit 1) end as visitor_last_agent,
       (select jsonb_agg(jsonb_build_object('agentId', l.agent_id, 'kind', l.state,
                                            'at', extract(epoch from l.closed_at) * 1000))
          from legs l where l.call_id = c.id and l.state in ('declined', 'missed', 'withdrawn')) as refusals
  from skill_groups g
 cross join generate_series(1, 9) as p (priority)
 cross join lateral (
   select * from calls c
    where c.site_id = g.site_id and c.group_id = g.id and c.priority = p.priority and c.state = 'queued'
    order by c.requested_at, c.id limit $2) c
 where g.site_id = $1`;

/** Reads a site's waiting calls, at most `depth` for each group and priority. */
export async function readWaitingCalls(
  tx: Queryable,
  siteId: string,
  depth: number,
): Promise<WaitingCalls> {
  const { rows } = await tx.query<Row>(READ, [siteId, depth]);
  const read = new Map<string, number>();
  for (const { group_id, priority } of rows) {
    const list = `${group_id}/${priority}`;
    read.set(list, (read.get(list) ?? 0) + 1);
  }
  return {
    calls: rows.map((row) => ({
      id: row.id,
      epoch: row.epoch,
      groupId: row.group_id,
      rulesVersion: row.rules_version,
      priority: row.priority,
      requestedAt: row.requested_at,
      visitorLastAgent: row.visitor_last_agent,
      refusals: row.refusals ?? [],
    })),
    rules: new Map(rows.map(({ group_id, rules }) => [group_id, rules])),
    now: rows[0]?.now ?? 0,
    cut: [...read.values()].some((count) => count === depth),
  };
}
