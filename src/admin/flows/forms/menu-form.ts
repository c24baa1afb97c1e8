import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import { MAX_FLOW_EXITS } from '../../../protocol/flow-limits.ts';
import type { StepOf } from '../../../protocol/flow.ts';
import { freeId } from '../edit-flow.ts';
import { textOf } from '../step-texts.ts';
import {
  entriesField,
  replaced,
  textsFields,
  titleAndText,
  type StepFormHost,
} from './step-form-host.ts';

export function menuForm(host: StepFormHost<StepOf<'menu'>>): TemplateResult {
  const { step, change } = host;
  const ids = step.options.map(({ id }) => id);
  return html`${titleAndText(host, 'title')}
  ${entriesField({
    legend: msg('Options'),
    entries: step.options,
    most: MAX_FLOW_EXITS,
    least: 1,
    addLabel: msg('Add option'),
    nameOf: ({ label }, index) => textOf(label) || msg(str`Option ${index + 1}`),
    add: () => ({ id: freeId(ids, 'option'), label: { en: 'Option', 'zh-CN': '选项' } }),
    change: (options) => change({ ...step, options }),
    render: (option, index) =>
      textsFields({
        name: `option-${index}`,
        label: msg(str`Option ${index + 1}`),
        texts: option.label,
        change: (label, language) =>
          change(
            { ...step, options: replaced(step.options, index, { ...option, label }) },
            `option ${option.id} ${language}`,
          ),
      }),
  })}`;
}
