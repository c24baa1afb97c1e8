import type { RecordingMode } from '../../protocol/recording.ts';
import { notifyCalls, type CallChange } from '../calls/call-change.ts';
import { notifyEnded, writeEnds, type EndedCall } from '../calls/end-calls.ts';
import { paramsJson } from '../calls/call-params.ts';
import type { Database, Queryable } from '../database/database.ts';
import { leaveFollowUp } from '../follow-ups/leave-follow-up.ts';
import { timeouts } from '../settings/timeouts.ts';
import type { FlowVersion } from './flow-version.ts';
import type { FlowFacts, FlowOutcome, FlowState } from './flow-state.ts';
import { stepFlow } from './step-flow.ts';

/** A call in its flow, whose row the transaction has locked. */
export interface FlowCall {
  readonly id: string;
  readonly version: FlowVersion;
  readonly facts: FlowFacts;
  /** Whether it waited in a queue until now. */
  readonly waited: boolean;
}

/** An event to append. */
export interface FlowEvent {
  readonly type:
    | 'choosing'
    | 'flow-answered'
    | 'flow-requested'
    | 'message-left'
    | 'callback-requested'
    | 'queued';
  readonly actor: 'visitor' | 'system';
  readonly data: object;
}

/** What the transaction did. After the commit it is handed to `notifySettled`. */
export interface Settled {
  readonly call: CallChange;
  /** The call has come into a queue, or has left one. */
  readonly queue: boolean;
  readonly ended: EndedCall | null;
  /** The step whose request has to be sent now; null: none. */
  readonly request: string | null;
}

const MOVE = `
with moved as (
  update calls c
     set state = $2, group_id = coalesce($3, c.group_id), priority = coalesce($4, g.priority, c.priority), params = $5,
         flow_node = $6, flow_state = $7, flow_deadline = now() + make_interval(secs => $8), epoch = c.epoch + 1,
         event_count = c.event_count + cardinality($9::text[]),
         recording_mode = case when $2 = 'queued' then $12 else c.recording_mode end,
         -- The wait begins with the first queue. A visitor who fills in a form for long goes ahead of nobody.
         requested_at = case when $2 = 'queued' and c.group_id is null then clock_timestamp() else c.requested_at end
    from calls o left join skill_groups g on g.site_id = o.site_id and g.id = $3
   where c.id = $1 and o.id = c.id
  returning c.id, c.site_id, c.group_id, c.event_count),
logged as (
  insert into call_events (call_id, sequence, type, actor, data)
  select m.id, m.event_count - cardinality($9::text[]) + e.turn, e.type, e.actor, e.data
    from moved m cross join unnest($9::text[], $10::text[], $11::jsonb[]) with ordinality as e (type, actor, data, turn))
select id as call_id, site_id, group_id, null::text[] as agent_ids, null::int as room from moved`;

// As for request-call: the last fifth of the queue is kept for visitors with a signed identity and for the first call
// of an address. A closed group counts as one without agents. free_queue_places comes first, because it locks.
const QUEUE = `
with site as materialized (
  select s.*, c.visitor_id, c.address_hash, free_queue_places(s.id, s.queue_limit) as places
    from calls c join sites s on s.id = c.site_id where c.id = $1)
select s.places - case when s.visitor_id is not null or s.address_hash is null
                            or live_calls_of_address(s.id, s.address_hash, 2) <= 1
                       then 0 else s.queue_limit / 5 end < 1 as full,
       g.id is null or not is_open(h.schedule, s.time_zone, now()) or not $3::boolean and not exists (
         select from memberships m join agents a on a.id = m.agent_id join connections x on x.agent_id = a.id
          where m.site_id = g.site_id and m.group_id = g.id and a.status = 'available'
            and a.disabled_at is null) as nobody
  from site s left join skill_groups g on g.site_id = s.id and g.id = $2
  left join hours h on h.site_id = g.site_id and h.id = g.hours`;

/** Writes what a step of the flow led to. A queue that refuses the call is left at once by its exit. */
export async function settleFlow(
  tx: Queryable,
  call: FlowCall,
  first: FlowOutcome,
  events: readonly FlowEvent[],
): Promise<Settled> {
  const log = [...events];
  let outcome = first;
  for (;;) {
    for (const effect of outcome.effects) {
      const kind = effect.kind === 'callback' ? 'callback' : 'message';
      const { group, contact, text } = effect;
      await leaveFollowUp(tx, { callId: call.id, kind, group, contact, text });
      const type = kind === 'callback' ? 'callback-requested' : 'message-left';
      // Not what the visitor wrote: that is deleted with the follow-up.
      log.push({ type, actor: 'visitor', data: {} });
    }
    const { at, state } = outcome;
    if (at.kind !== 'queue') return settleOutside(tx, call, outcome, log);
    // Who has refused the consent gets what the flow has for a queue without agents: a message, or a callback.
    const exit = call.facts.consentRefused ? 'nobody' : await queueExit(tx, call.id, at);
    if (exit === null) {
      log.push({ type: 'queued', actor: 'visitor', data: { group: at.group } });
      const moved = await move(tx, call, state, log, {
        state: 'queued',
        group: at.group,
        priority: at.priority,
        seconds: at.timeoutSeconds,
        recording: at.recording,
      });
      return { call: moved, queue: true, ended: null, request: null };
    }
    outcome = stepFlow(call.version.document, state, { kind: 'exit', exit }, call.facts);
  }
}

async function queueExit(
  tx: Queryable,
  callId: string,
  { group, waitForAgents }: Extract<FlowOutcome['at'], { kind: 'queue' }>,
): Promise<'nobody' | 'full' | null> {
  const [queue] = (
    await tx.query<{ full: boolean; nobody: boolean }>(QUEUE, [callId, group, waitForAgents])
  ).rows;
  if (queue?.nobody) return 'nobody';
  return queue?.full ? 'full' : null;
}

/** The flow waits for the visitor or a request, or it ends. */
async function settleOutside(
  tx: Queryable,
  call: FlowCall,
  { at, state }: FlowOutcome,
  log: readonly FlowEvent[],
): Promise<Settled> {
  const { node } = state;
  const { flowId, version } = call.version;
  const standing: FlowEvent[] =
    at.kind === 'request' ? [{ type: 'flow-requested', actor: 'system', data: { node } }] : [];
  const choosing: FlowEvent = {
    type: 'choosing',
    actor: 'system',
    data: { flow: flowId, version, node },
  };
  const moved = await move(tx, call, state, [...log, choosing, ...standing], {
    state: 'choosing',
    group: null,
    priority: state.priority,
    recording: null,
    seconds: at.kind === 'request' ? timeouts.flowRequestLost : timeouts.flowAnswer,
  });
  if (at.kind !== 'end') {
    const request = at.kind === 'request' ? node : null;
    return { call: moved, queue: call.waited, ended: null, request };
  }
  const reason =
    call.facts.consentRefused && at.reason === 'flow-ended' ? 'consent-refused' : at.reason;
  const end = { callId: call.id, epoch: null, agentId: null, reason } as const;
  const [ended = null] = await writeEnds(tx, [{ ...end, actor: 'visitor' }]);
  return { call: moved, queue: call.waited, ended, request: null };
}

interface Destination {
  readonly state: 'choosing' | 'queued';
  readonly group: string | null;
  readonly priority: number | null;
  /** Counts in a queue only. */
  readonly recording: RecordingMode | null;
  /** Until the deadline. */
  readonly seconds: number;
}

async function move(
  tx: Queryable,
  call: FlowCall,
  { node, params, ...rest }: FlowState,
  log: readonly FlowEvent[],
  to: Destination,
): Promise<CallChange> {
  const [moved] = (
    await tx.query<CallChange>(MOVE, [
      call.id,
      to.state,
      to.group,
      to.priority,
      paramsJson(params),
      node,
      JSON.stringify(rest),
      to.seconds,
      log.map(({ type }) => type),
      log.map(({ actor }) => actor),
      log.map(({ data }) => JSON.stringify(data)),
      to.recording,
    ])
  ).rows;
  if (!moved) throw new Error('The call of a flow is not there.');
  return moved;
}

/** Wakes the nodes whose people see the call. To be called after the commit. */
export function notifySettled(db: Database, { call, queue, ended }: Settled): void {
  notifyCalls(db, [call], { queue, matching: queue });
  if (ended) notifyEnded(db, [ended]);
}
