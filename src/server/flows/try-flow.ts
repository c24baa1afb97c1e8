import { RtcDeskError } from '../../protocol/errors.ts';
import { exitsOf, stepOf } from '../../protocol/flow-graph.ts';
import type { Flow } from '../../protocol/flow.ts';
import type { FlowTrial, FlowTrialResult, TrialInput } from '../../protocol/rest/flows.ts';
import { paramsFault } from '../calls/call-params.ts';
import type { Queryable } from '../database/database.ts';
import type { FlowEffect, FlowFacts, FlowInput, FlowOutcome } from './flow-state.ts';
import { readOpenHours } from './read-open-hours.ts';
import { mapped, picked } from './run-request.ts';
import { beforeFlow, stepFlow } from './step-flow.ts';
import { stepView } from './step-view.ts';

/** Who tries a flow, and with which answers. */
export type Trial = Omit<FlowTrial, 'document'>;

/**
 * Walks a document from its start by the answers so far, as a call would. It writes nothing, and sends no request: the
 * person who tries says what a request or a queue answers. Rejects with `invalid-params` for an answer that does not fit.
 */
export async function tryFlow(
  db: Queryable,
  siteId: string,
  document: Flow,
  trial: Trial,
): Promise<FlowTrialResult> {
  const fault = paramsFault(trial.params ?? {});
  if (fault) throw fault;
  const facts = await readTrialFacts(db, siteId, trial);
  const effects: FlowEffect[] = [];
  let outcome = stepFlow(document, beforeFlow(trial.params ?? {}), { kind: 'begin' }, facts);
  for (const input of trial.inputs ?? []) {
    outcome = stepFlow(document, outcome.state, flowInput(document, outcome, input), facts);
    effects.push(...outcome.effects);
  }
  return {
    at: await describe(db, siteId, document, outcome, trial),
    params: outcome.state.params,
    priority: outcome.state.priority,
    left: effects.map(({ kind, group }) => ({ kind, group })),
  };
}

async function readTrialFacts(
  db: Queryable,
  siteId: string,
  { at, language = 'en', page, verified, lastAgent, waits }: Trial,
): Promise<FlowFacts> {
  return {
    language,
    page: page ?? null,
    verified: verified ?? false,
    lastAgent: lastAgent ?? false,
    consentRefused: false,
    openHours: await readOpenHours(db, siteId, at ?? null),
    waits: new Map(Object.entries(waits ?? {})),
  };
}

/** The visitor answers a step; whoever tries answers for a request or a queue. */
function flowInput(document: Flow, { at, state }: FlowOutcome, input: TrialInput): FlowInput {
  const step = state.node === null ? undefined : stepOf(document, state.node);
  if (input.kind === 'answer') {
    if (at.kind !== 'visitor') throw unfitting('the flow does not wait for the visitor');
    return input.value === null ? { kind: 'back' } : { kind: 'answer', value: input.value };
  }
  if ((at.kind !== 'request' && at.kind !== 'queue') || !step) {
    throw unfitting('the flow waits neither for a request nor in a queue');
  }
  const { exit, answer } = input;
  if (!exitsOf(step).includes(exit)) throw unfitting('the step has no such exit');
  const isAnswered = step.type === 'request' && exit === 'ok';
  return { kind: 'exit', exit, ...(isAnswered && { params: mapped(step.answer, answer) }) };
}

function unfitting(why: string): RtcDeskError {
  return new RtcDeskError('invalid-params', `This answer does not fit: ${why}.`);
}

async function describe(
  db: Queryable,
  siteId: string,
  document: Flow,
  { at, state }: FlowOutcome,
  { at: time, language = 'en' }: Trial,
): Promise<FlowTrialResult['at']> {
  const { node, params, history } = state;
  const step = node === null ? undefined : stepOf(document, node);
  switch (at.kind) {
    case 'visitor': {
      if (node === null) throw new Error('A flow that waits for the visitor stands at a step.');
      const back = history.length > 0;
      return { kind: 'step', node, step: stepView(document, { node, language, params, back }) };
    }
    case 'request': {
      if (step?.type !== 'request') throw new Error('The step sends no request.');
      return { kind: 'request', node, url: step.url, params: picked(params, step.send) };
    }
    case 'queue': {
      const { group, priority, timeoutSeconds } = at;
      const found = await readGroup(db, siteId, group, time ?? null);
      return {
        kind: 'queue',
        node,
        group,
        priority: priority ?? found?.priority ?? null,
        timeoutSeconds,
        open: found?.open ?? false,
      };
    }
    case 'end':
      return { kind: 'end', node, reason: at.reason };
  }
}

const READ_GROUP = `
select g.priority, is_open(h.schedule, s.time_zone, coalesce(to_timestamp($3::float8 / 1000), now())) as open
  from skill_groups g join sites s on s.id = g.site_id
  left join hours h on h.site_id = g.site_id and h.id = g.hours
 where g.site_id = $1 and g.id = $2`;

/** Null: the site has no such group. A call leaves the queue of a group that is missing or closed by the exit `nobody`. */
async function readGroup(
  db: Queryable,
  siteId: string,
  group: string,
  at: number | null,
): Promise<{ readonly priority: number; readonly open: boolean } | null> {
  const { rows } = await db.query<{ priority: number; open: boolean }>(READ_GROUP, [
    siteId,
    group,
    at,
  ]);
  return rows[0] ?? null;
}
