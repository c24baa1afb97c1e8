import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { FormField, StepOf } from '../../../protocol/flow.ts';
import { checkField, selectField, textField } from '../../parts/fields.ts';
import { freeId } from '../edit-flow.ts';
import { textOf } from '../step-texts.ts';
import {
  entriesField,
  oneField,
  replaced,
  textsFields,
  titleAndText,
  withSetting,
  type StepFormHost,
} from './step-form-host.ts';

const MAX_FIELDS = 12;
const MAX_CHOICES = 50;

const fieldTypes = (): readonly { value: FormField['type']; label: string }[] => [
  { value: 'text', label: msg('Text') },
  { value: 'long-text', label: msg('Long text') },
  { value: 'email', label: msg('E-mail address') },
  { value: 'phone', label: msg('Phone number') },
  { value: 'number', label: msg('Number') },
  { value: 'date', label: msg('Date') },
  { value: 'choice', label: msg('Choice') },
];

/** The form of a step of the type `form`. */
export function formForm(host: StepFormHost<StepOf<'form'>>): TemplateResult {
  const { step, change } = host;
  const ids = step.fields.map(({ id }) => id);
  const setField = (index: number, field: FormField, what?: string): void =>
    change({ ...step, fields: replaced(step.fields, index, field) }, what);
  return html`${titleAndText(host, 'title')}
  ${checkField(
    oneField('optional', step.optional ?? false, (on) =>
      change(withSetting(step, 'optional', on ? true : null)),
    ),
    { name: 'optional', label: msg('The visitor may skip the form') },
  )}
  ${entriesField({
    legend: msg('Fields'),
    entries: step.fields,
    most: MAX_FIELDS,
    least: 1,
    addLabel: msg('Add field'),
    nameOf: ({ label }, index) => textOf(label) || msg(str`Field ${index + 1}`),
    add: (): FormField => ({
      id: freeId(ids, 'field'),
      label: { en: 'Field', 'zh-CN': '字段' },
      type: 'text',
    }),
    change: (fields) => change({ ...step, fields }),
    render: (field, index) => renderField(field, index, (to, what) => setField(index, to, what)),
  })}`;
}

function renderField(
  field: FormField,
  index: number,
  change: (field: FormField, what?: string) => void,
): TemplateResult {
  const name = (part: string): string => `field-${index}-${part}`;
  const number = index + 1;
  return html`${textsFields({
    name: name('label'),
    label: msg(str`Field ${number}`),
    texts: field.label,
    change: (label, language) => change({ ...field, label }, `field ${index} ${language}`),
  })}
  ${selectField(
    oneField(name('type'), field.type, (type) =>
      change(withType(field, type as FormField['type'])),
    ),
    { name: name('type'), label: msg(str`Type of field ${number}`), options: fieldTypes() },
  )}
  ${textField(
    oneField(name('id'), field.id, (id) =>
      change({ ...field, id: String(id) }, `field ${index} id`),
    ),
    {
      name: name('id'),
      label: msg(str`Name of the value of field ${number}`),
      hint: msg('The agent and your programs see the answer under this name.'),
      maxLength: 64,
    },
  )}
  ${checkField(
    oneField(name('required'), field.required ?? false, (on) => {
      const { required: _before, ...rest } = field;
      change(on ? { ...rest, required: true } : rest);
    }),
    { name: name('required'), label: msg(str`Field ${number} must be filled in`) },
  )}
  ${field.type === 'choice' ? renderChoices(field, index, change) : nothing}`;
}

function renderChoices(
  field: FormField,
  index: number,
  change: (field: FormField, what?: string) => void,
): TemplateResult {
  const { options = [] } = field;
  const ids = options.map(({ id }) => id);
  return entriesField({
    legend: msg(str`Options of field ${index + 1}`),
    entries: options,
    most: MAX_CHOICES,
    least: 1,
    addLabel: msg('Add option'),
    nameOf: ({ label }, at) => textOf(label) || msg(str`Option ${at + 1}`),
    add: newChoice(ids),
    change: (changed) => change({ ...field, options: changed }),
    render: (option, at) =>
      textsFields({
        name: `field-${index}-option-${at}`,
        label: msg(str`Option ${at + 1}`),
        texts: option.label,
        change: (label, language) =>
          change(
            { ...field, options: replaced(options, at, { ...option, label }) },
            `field ${index} option ${at} ${language}`,
          ),
      }),
  });
}

const newChoice = (ids: readonly string[]) => () => ({
  id: freeId(ids, 'option'),
  label: { en: 'Option', 'zh-CN': '选项' },
});

/** A choice has options, and no other type has. */
function withType(field: FormField, type: FormField['type']): FormField {
  const { options = [newChoice([])()], ...rest } = field;
  return type === 'choice' ? { ...rest, type, options } : { ...rest, type };
}
