import { nextOf, stepOf, waitsForVisitor } from '../../protocol/flow-graph.ts';
import { QUEUE_SECONDS } from '../../protocol/flow-limits.ts';
import type { Flow, FlowStep } from '../../protocol/flow.ts';
import { paramsFault } from '../calls/call-params.ts';
import { caseHolds } from './case-holds.ts';
import type { FlowEffect, FlowFacts, FlowInput, FlowOutcome, FlowState } from './flow-state.ts';
import { readAnswer } from './read-answer.ts';

/** Steps that one answer may pass without one that waits for the visitor. */
export const MAX_SILENT_STEPS = 50;
/** Steps to which `back` leads. */
const MAX_HISTORY = 12;

/** The state of a call that has not begun its flow. */
export function beforeFlow(params: FlowState['params']): FlowState {
  return { node: null, params, priority: null, group: null, history: [], left: null };
}

/**
 * Moves a flow on: from the step at which `state` stands, over all steps that do not wait, to the next one that does.
 * A pure function. Throws `invalid-params` for an answer that does not fit the step, and leaves everything as it was.
 */
export function stepFlow(
  flow: Flow,
  state: FlowState,
  input: FlowInput,
  facts: FlowFacts,
): FlowOutcome {
  if (input.kind === 'back') return stepBack(state);
  if (input.kind === 'begin') return walk(flow, state, flow.start, facts, []);
  const step = state.node === null ? undefined : stepOf(flow, state.node);
  if (!step) return end(state, []);
  if (input.kind === 'exit') {
    const known = withParams(state, input.params ?? {}) ?? state;
    // What was asked of another service, or waited for in the queue, is not taken back.
    const past = step.type === 'queue' ? { ...known, history: [] } : known;
    return walk(flow, past, nextOf(step, input.exit), facts, []);
  }
  const { exit, params, effect } = readAnswer(step, input.value);
  const answered = withParams(remember(state), params);
  if (!answered) throw paramsFault({ ...state.params, ...params })!;
  const effects = effect ? [{ ...effect, group: effect.group ?? state.group }] : [];
  const left = effect?.kind === 'callback' ? 'callback-requested' : 'message-left';
  const after = effect ? ({ ...answered, history: [], left } as const) : answered;
  return walk(flow, after, nextOf(step, exit), facts, effects);
}

/** Passes the steps that do not wait, beginning with `from`. */
function walk(
  flow: Flow,
  state: FlowState,
  from: string | undefined,
  facts: FlowFacts,
  effects: readonly FlowEffect[],
): FlowOutcome {
  let here = state;
  let id = from;
  for (let passed = 0; passed < MAX_SILENT_STEPS && id !== undefined; passed += 1) {
    const step = stepOf(flow, id);
    if (!step) break;
    here = { ...here, node: id };
    if (waitsForVisitor(step)) return { state: here, effects, at: { kind: 'visitor' } };
    if (step.type === 'request') return { state: here, effects, at: { kind: 'request' } };
    if (step.type === 'queue') return { ...enterQueue(here, step), effects };
    if (step.type === 'end') break;
    if (step.type === 'set') here = applySet(here, step);
    id = nextOf(step, exitOf(step, here, facts));
  }
  return end(here, effects);
}

function enterQueue(
  state: FlowState,
  step: Extract<FlowStep, { type: 'queue' }>,
): Pick<FlowOutcome, 'state' | 'at'> {
  const {
    group,
    priority = state.priority,
    timeoutSeconds = QUEUE_SECONDS,
    waitForAgents = false,
    recording = null,
  } = step;
  return {
    state: { ...state, group },
    at: { kind: 'queue', group, priority, timeoutSeconds, waitForAgents, recording },
  };
}

/** The exit of a step that waits for nobody. */
function exitOf(step: FlowStep, state: FlowState, facts: FlowFacts): string {
  if (step.type === 'hours') return facts.openHours.has(step.hours) ? 'open' : 'closed';
  if (step.type !== 'condition') return 'next';
  return step.cases.find((one) => caseHolds(one, state.params, facts))?.id ?? 'else';
}

function applySet(
  state: FlowState,
  { param, value, priority }: Extract<FlowStep, { type: 'set' }>,
): FlowState {
  const prioritized = priority === undefined ? state : { ...state, priority };
  if (param === undefined || value === undefined) return prioritized;
  return withParams(prioritized, { [param]: value }) ?? prioritized;
}

/** Null if the call would have too many params, or too long ones. */
function withParams(state: FlowState, params: FlowState['params']): FlowState | null {
  const merged = { ...state.params, ...params };
  return paramsFault(merged) ? null : { ...state, params: merged };
}

function remember(state: FlowState): FlowState {
  const { node, params, priority, history } = state;
  if (node === null) return state;
  return { ...state, history: [...history, { node, params, priority }].slice(-MAX_HISTORY) };
}

function stepBack(state: FlowState): FlowOutcome {
  const past = state.history.at(-1);
  const back = past && { ...state, ...past, history: state.history.slice(0, -1) };
  return { state: back ?? state, effects: [], at: { kind: 'visitor' } };
}

function end(state: FlowState, effects: readonly FlowEffect[]): FlowOutcome {
  return { state, effects, at: { kind: 'end', reason: state.left ?? 'flow-ended' } };
}
