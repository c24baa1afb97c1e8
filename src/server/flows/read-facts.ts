import type { Flow } from '../../protocol/flow.ts';
import { estimateWait, readWaitBases } from '../calls/estimate-wait.ts';
import type { Queryable } from '../database/database.ts';
import type { FlowFacts } from './flow-state.ts';
import { readOpenHours } from './read-open-hours.ts';

interface Row {
  readonly site_id: string;
  readonly language: string | null;
  readonly page: string | null;
  readonly verified: boolean;
  readonly last_agent: boolean;
}

// `last_agent` asks for a live connection too, because a status outlives it.
const READ = `
select c.site_id, c.language, c.page, c.visitor_id is not null as verified,
       coalesce($2 and (
         select a.status = 'available' and a.disabled_at is null
                and exists (select from connections x where x.agent_id = a.id)
           from calls earlier join legs l on l.call_id = earlier.id join agents a on a.id = l.agent_id
          where earlier.visitor_id = c.visitor_id and earlier.id <> c.id and l.joined_at is not null
            and l.kind <> 'monitor'
          order by l.joined_at desc limit 1), false) as last_agent
  from calls c where c.id = $1`;

const QUEUES = `
select c.group_id, count(*)::int as calls from calls c
 where c.site_id = $1 and c.group_id = any ($2::text[]) and c.state in ('queued', 'offered')
 group by c.group_id`;

/** The facts that the flow asks for. Those that it does not ask for are not read. */
export async function readFacts(tx: Queryable, callId: string, flow: Flow): Promise<FlowFacts> {
  const steps = Object.values(flow.nodes);
  const cases = steps.flatMap((step) => (step.type === 'condition' ? step.cases : []));
  const lastAgent = cases.some(({ fact }) => fact === 'last-agent');
  const groups = cases.flatMap((one) => (one.fact === 'wait' ? [one.group] : []));
  const [call] = (await tx.query<Row>(READ, [callId, lastAgent])).rows;
  if (!call) throw new Error('The call of a flow is not there.');
  const hours = steps.some(({ type }) => type === 'hours');
  return {
    language: call.language,
    page: call.page,
    verified: call.verified,
    lastAgent: call.last_agent,
    openHours: hours ? await readOpenHours(tx, call.site_id) : new Set(),
    waits: await readWaits(tx, call.site_id, [...new Set(groups)]),
  };
}

/** The upper end of the estimate for a call that came now, by group. */
async function readWaits(
  tx: Queryable,
  siteId: string,
  groups: readonly string[],
): Promise<Map<string, number>> {
  if (groups.length === 0) return new Map();
  const bases = await readWaitBases(
    tx,
    groups.map((groupId) => ({ siteId, groupId })),
  );
  const { rows } = await tx.query<{ group_id: string; calls: number }>(QUEUES, [siteId, groups]);
  const waiting = new Map(rows.map(({ group_id, calls }) => [group_id, calls]));
  return new Map(
    groups.flatMap((group) => {
      const estimate = estimateWait(bases.get(`${siteId}/${group}`), (waiting.get(group) ?? 0) + 1);
      return estimate ? [[group, estimate.max] as const] : [];
    }),
  );
}
