import type { Flow, FlowStep, FlowTexts } from '../../protocol/flow.ts';
import { stepOf } from '../../protocol/flow-graph.ts';
import type { CallRecord } from '../../protocol/rest/calls.ts';

type Answer = NonNullable<CallRecord['flow']>['answers'][number];

/** What the visitor chose in the flow: the answers among the events of a call, in the flow's own texts. */
export function flowAnswers(flow: Flow, events: CallRecord['events']): readonly Answer[] {
  return events.flatMap(({ sequence, type, data }) => {
    const { node, value } = data;
    const step = type === 'flow-answered' && typeof node === 'string' ? stepOf(flow, node) : null;
    if (!step) return [];
    return [{ sequence, type: step.type, step: titleOf(step), answer: labelOf(step, value) }];
  });
}

const titleOf = (step: FlowStep): FlowTexts | null =>
  'title' in step && step.title !== undefined ? step.title : null;

/** The label of a menu's option. What was written into a form is in the call's params. */
const labelOf = (step: FlowStep, value: unknown): FlowTexts | null =>
  step.type === 'menu' ? (step.options.find(({ id }) => id === value)?.label ?? null) : null;
