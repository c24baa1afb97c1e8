import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { StepOf } from '../../../protocol/flow.ts';
import { checkField, numberField, selectField, type Option } from '../../parts/fields.ts';
import { oneField, withSetting, type StepFormHost } from './step-form-host.ts';

export function queueForm({ step, groups, change }: StepFormHost<StepOf<'queue'>>): TemplateResult {
  return html`${selectField(
    oneField('group', step.group, (group) => change({ ...step, group: String(group ?? '') })),
    { name: 'group', label: msg('Skill group'), options: withPresent(groups, step.group) },
  )}
  ${numberField(
    oneField('priority', step.priority ?? '', (priority) =>
      change(withSetting(step, 'priority', priority), 'priority'),
    ),
    {
      name: 'priority',
      label: msg('Priority'),
      hint: msg('1 is served first, 9 last. Empty: the priority of the call or of the group.'),
      min: 1,
      max: 9,
      optional: true,
    },
  )}
  ${numberField(
    oneField('timeout', step.timeoutSeconds ?? '', (seconds) =>
      change(withSetting(step, 'timeoutSeconds', seconds), 'timeout'),
    ),
    {
      name: 'timeout',
      label: msg('Longest wait in seconds'),
      hint: msg('Then the exit “Waited too long” is taken. Empty: an hour.'),
      min: 10,
      max: 86_400,
      optional: true,
    },
  )}
  ${checkField(
    oneField('wait-for-agents', step.waitForAgents ?? false, (on) =>
      change(withSetting(step, 'waitForAgents', on ? true : null)),
    ),
    { name: 'wait-for-agents', label: msg('Wait also while nobody is available') },
  )}
  ${selectField(
    oneField('recording', step.recording ?? '', (mode) =>
      change(withSetting(step, 'recording', mode || null)),
    ),
    {
      name: 'recording',
      label: msg('Calls are recorded'),
      options: [
        { value: '', label: msg('As the group') },
        { value: 'off', label: msg('Never') },
        { value: 'on-demand', label: msg('When an agent begins') },
        { value: 'always', label: msg('Always') },
      ],
    },
  )}`;
}

/** The options with the present value, also if the site does not have it (any more). */
export const withPresent = (options: readonly Option[], value: string): readonly Option[] =>
  options.some((option) => option.value === value)
    ? options
    : [{ value, label: value || msg('Please choose') }, ...options];
