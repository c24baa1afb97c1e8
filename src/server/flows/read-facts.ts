import type { Flow } from '../../protocol/flow.ts';
import { readWaits } from '../calls/estimate-wait.ts';
import type { Queryable } from '../database/database.ts';
import type { FlowFacts } from './flow-state.ts';
import { readOpenHours } from './read-open-hours.ts';

interface Row {
  readonly site_id: string;
  readonly language: string | null;
  readonly page: string | null;
  readonly verified: boolean;
  readonly last_agent: boolean;
  readonly consent_refused: boolean;
}

// `last_agent` asks for a live connection too, because a status outlives it.
const READ = `
select c.site_id, c.language, c.page, c.visitor_id is not null as verified,
       exists (select from call_consents k where k.call_id = c.id and not k.agreed) as consent_refused,
       coalesce($2 and (
         select a.status = 'available' and a.disabled_at is null
                and exists (select from connections x where x.agent_id = a.id)
           from calls earlier join legs l on l.call_id = earlier.id join agents a on a.id = l.agent_id
          where earlier.visitor_id = c.visitor_id and earlier.id <> c.id and l.joined_at is not null
            and l.kind <> 'monitor'
          order by l.joined_at desc limit 1), false) as last_agent
  from calls c where c.id = $1`;

/** The facts that the flow asks for. Those that it does not ask for are not read. */
export async function readFacts(tx: Queryable, callId: string, flow: Flow): Promise<FlowFacts> {
  const steps = Object.values(flow.nodes);
  const cases = steps.flatMap((step) => (step.type === 'condition' ? step.cases : []));
  const lastAgent = cases.some(({ fact }) => fact === 'last-agent');
  const groups = cases.flatMap((one) => (one.fact === 'wait' ? [one.group] : []));
  const [call] = (await tx.query<Row>(READ, [callId, lastAgent])).rows;
  if (!call) throw new Error('The call of a flow is not there.');
  const hours = steps.some(({ type }) => type === 'hours');
  const waits = await readWaits(tx, call.site_id, [...new Set(groups)]);
  return {
    language: call.language,
    page: call.page,
    verified: call.verified,
    lastAgent: call.last_agent,
    consentRefused: call.consent_refused,
    openHours: hours ? await readOpenHours(tx, call.site_id) : new Set(),
    waits: new Map([...waits].map(([group, { max }]) => [group, max])),
  };
}
