import { msg, str } from '@lit/localize';
import { stepOf } from '../../protocol/flow-graph.ts';
import type { Flow } from '../../protocol/flow.ts';
import type { FlowFault } from '../../protocol/rest/flows.ts';
import { exitText, type FlowNames } from './step-texts.ts';

/** A fault in words, and what to do. */
export function faultText(flow: Flow, { code, node, params }: FlowFault, names: FlowNames): string {
  const step = node === null ? undefined : stepOf(flow, node);
  const text = (name: string): string => String(params[name] ?? '');
  const exit = step ? exitText(step, text('exit'), names) : text('exit');
  switch (code) {
    case 'no-start':
      return msg('The flow has no start.');
    case 'second-start':
      return msg('A flow has one start only. Delete this one.');
    case 'too-many-steps':
      return msg(str`A flow has at most ${text('most')} steps.`);
    case 'exit-unwired':
      return msg(str`“${exit}” leads nowhere. Choose where it leads.`);
    case 'unknown-step':
      return msg(str`“${exit}” leads to a step that is not there.`);
    case 'unknown-exit':
      return msg(str`The step has no exit “${text('exit')}”.`);
    case 'duplicate-id':
      return msg(str`Two entries have the short name “${text('id')}”.`);
    case 'unreachable':
      return msg('Nothing leads to this step. Lead an exit to it, or delete it.');
    case 'no-way-out':
      return msg('From here, no way leads to a queue, a callback or an end.');
    case 'silent-circle':
      return msg('This step is on a circle in which nothing waits for the visitor.');
    case 'too-many-silent-steps':
      return msg(
        str`More than ${text('most')} steps follow without one that waits for the visitor.`,
      );
    case 'unknown-group':
      return msg(str`There is no skill group “${text('group')}”.`);
    case 'unknown-hours':
      return msg(str`There are no hours “${text('hours')}”.`);
    case 'host-not-allowed':
      return msg(str`The site does not allow requests to “${text('host')}”.`);
    case 'set-incomplete':
      return msg('Enter a name with a value, or a priority.');
    case 'choice-without-options':
      return msg(str`The field “${text('field')}” needs options.`);
    case 'case-without-value':
      return msg(str`The case “${text('case')}” needs a value.`);
  }
}
