import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { StepOf } from '../../../protocol/flow.ts';
import { numberField, selectField, textField } from '../../parts/fields.ts';
import { withPresent } from './queue-form.ts';
import { oneField, titleAndText, withSetting, type StepFormHost } from './step-form-host.ts';

/** The forms of the types with few settings. */

export function hoursForm({ step, hours, change }: StepFormHost<StepOf<'hours'>>): TemplateResult {
  return selectField(
    oneField('hours', step.hours, (id) => change({ ...step, hours: String(id ?? '') })),
    {
      name: 'hours',
      label: msg('Hours'),
      hint: msg('They are made on the page “Hours”.'),
      options: withPresent(hours, step.hours),
    },
  );
}

/** A `set` step sets one value, or the priority. */
export function setForm({ step, change }: StepFormHost<StepOf<'set'>>): TemplateResult {
  const setsPriority = step.priority !== undefined;
  const { next } = step;
  const kept = { type: 'set', ...(next && { next }) } as const;
  return html`${selectField(
    oneField('what', setsPriority ? 'priority' : 'param', (what) =>
      change(
        what === 'priority' ? { ...kept, priority: 5 } : { ...kept, param: 'topic', value: '' },
      ),
    ),
    {
      name: 'what',
      label: msg('What is set'),
      options: [
        { value: 'param', label: msg('A value') },
        { value: 'priority', label: msg('The priority of the call') },
      ],
    },
  )}
  ${
    setsPriority
      ? numberField(
          oneField('priority', step.priority, (priority) =>
            change({ ...step, priority: Number(priority ?? 5) }, 'priority'),
          ),
          {
            name: 'priority',
            label: msg('Priority'),
            hint: msg('1 is served first, 9 last.'),
            min: 1,
            max: 9,
          },
        )
      : html`${textField(
          oneField('param', step.param ?? '', (param) =>
            change({ ...step, param: String(param) }, 'param'),
          ),
          { name: 'param', label: msg('Name of the value'), maxLength: 64 },
        )}
        ${textField(
          oneField('value', step.value ?? '', (value) =>
            change({ ...step, value: String(value) }, 'value'),
          ),
          { name: 'value', label: msg('Value'), maxLength: 256 },
        )}`
  }`;
}

/** Of `callback` and `leave-message`. */
export function contactForm(
  host: StepFormHost<StepOf<'callback'> | StepOf<'leave-message'>>,
): TemplateResult {
  const { step, groups, change } = host;
  return html`${selectField(
    oneField('group', step.group ?? '', (group) => change(withSetting(step, 'group', group))),
    {
      name: 'group',
      label: msg('Skill group'),
      hint: msg('Who answers.'),
      options: [{ value: '', label: msg('That of the last queue, else the first') }, ...groups],
    },
  )}
  ${titleAndText(host)}`;
}
