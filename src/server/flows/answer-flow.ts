import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database, Queryable } from '../database/database.ts';
import type { FlowInput, FlowState } from './flow-state.ts';
import { readFacts } from './read-facts.ts';
import { readFlowVersion } from './flow-version.ts';
import { notifySettled, settleFlow, type FlowEvent, type Settled } from './settle-flow.ts';
import { stepFlow } from './step-flow.ts';

interface Row {
  readonly state: string;
  readonly flow_version_id: string | null;
  readonly flow_node: string | null;
  readonly flow_state: Omit<FlowState, 'node' | 'params'> | null;
  readonly params: Readonly<Record<string, string>>;
}

const LOAD = `
select state, flow_version_id, flow_node, flow_state, params from calls where id = $1 for update`;

export interface FlowMove {
  readonly callId: string;
  /** The step for which the input is. */
  readonly node: string;
  readonly input: FlowInput;
}

/**
 * Moves a call on in its flow, from the step `node`. Rejects with `flow-changed` if the call no longer stands
 * there, and with `invalid-params` for an answer that does not fit. Resolves to the step whose request has to be sent
 * now; null: none.
 */
export async function answerFlow(db: Database, move: FlowMove): Promise<string | null> {
  const settled = await db.transaction((tx) => advance(tx, move));
  notifySettled(db, settled);
  return settled.request;
}

async function advance(tx: Queryable, { callId, node, input }: FlowMove): Promise<Settled> {
  const [call] = (await tx.query<Row>(LOAD, [callId])).rows;
  const standing = input.kind === 'exit' ? ['choosing', 'queued'] : ['choosing'];
  if (!call?.flow_version_id || !call.flow_state || !standing.includes(call.state)) {
    throw changed();
  }
  if (call.flow_node !== node) throw changed();
  const version = await readFlowVersion(tx, call.flow_version_id);
  const facts = await readFacts(tx, callId, version.document);
  const state: FlowState = { ...call.flow_state, node, params: call.params };
  const outcome = stepFlow(version.document, state, input, facts);
  const waited = call.state === 'queued';
  return settleFlow(tx, { id: callId, version, facts, waited }, outcome, [eventOf(node, input)]);
}

/** What the visitor wrote into a form is in the call's params, and is not repeated here. */
function eventOf(node: string, input: FlowInput): FlowEvent {
  if (input.kind === 'exit') {
    return { type: 'flow-answered', actor: 'system', data: { node, exit: input.exit } };
  }
  const value = input.kind === 'answer' && typeof input.value === 'string' ? input.value : null;
  return {
    type: 'flow-answered',
    actor: 'visitor',
    data: { node, ...(value !== null && { value }), ...(input.kind === 'back' && { back: true }) },
  };
}

function changed(): RtcDeskError {
  return new RtcDeskError('flow-changed', 'The call stands at another step.');
}
