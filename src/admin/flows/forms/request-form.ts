import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { StepOf } from '../../../protocol/flow.ts';
import { checkField, textField } from '../../parts/fields.ts';
import { freeId } from '../edit-flow.ts';
import {
  entriesField,
  oneField,
  replaced,
  withSetting,
  type StepFormHost,
} from './step-form-host.ts';

const MAX_SENT = 32;
const MAX_ANSWERS = 16;

export function requestForm({ step, change }: StepFormHost<StepOf<'request'>>): TemplateResult {
  return html`${textField(
    oneField('url', step.url, (url) => change({ ...step, url: String(url).trim() }, 'url')),
    {
      name: 'url',
      label: msg('Address'),
      maxLength: 1_000,
      hint: msg('An https address. The operator lists the hosts that the site allows.'),
    },
  )}
  ${checkField(
    oneField('send-all', step.send === undefined, (all) =>
      change(withSetting(step, 'send', all ? null : [])),
    ),
    { name: 'send-all', label: msg('Send all values of the call') },
  )}
  ${step.send ? renderSent(step, step.send, change) : nothing} ${renderAnswer(step, change)}`;
}

type Change = StepFormHost<StepOf<'request'>>['change'];

function renderSent(
  step: StepOf<'request'>,
  send: readonly string[],
  change: Change,
): TemplateResult {
  return entriesField({
    legend: msg('Values to send'),
    entries: send,
    most: MAX_SENT,
    addLabel: msg('Add value to send'),
    nameOf: (name, index) => name || msg(str`Value ${index + 1}`),
    add: () => freeId(send, 'value'),
    change: (names) => change({ ...step, send: names }),
    render: (value, index) =>
      textField(
        oneField(`send-${index}`, value, (name) =>
          change({ ...step, send: replaced(send, index, String(name)) }, `send ${index}`),
        ),
        { name: `send-${index}`, label: msg(str`Name of value ${index + 1}`), maxLength: 64 },
      ),
  });
}

function renderAnswer(step: StepOf<'request'>, change: Change): TemplateResult {
  const entries = Object.entries(step.answer ?? {});
  const names = entries.map(([name]) => name);
  const set = (changed: readonly (readonly [string, string])[], field?: string): void =>
    change(
      withSetting(step, 'answer', changed.length > 0 ? Object.fromEntries(changed) : null),
      field,
    );
  return entriesField<readonly [string, string]>({
    legend: msg('Values from the answer'),
    entries,
    most: MAX_ANSWERS,
    addLabel: msg('Add value from the answer'),
    nameOf: ([name], index) => name || msg(str`Value ${index + 1}`),
    add: () => [freeId(names, 'value'), 'name'],
    change: set,
    render: ([name, path], index) =>
      html`${textField(
        oneField(`answer-${index}-path`, path, (to) =>
          set(replaced(entries, index, [name, String(to)]), `answer ${index} path`),
        ),
        {
          name: `answer-${index}-path`,
          label: msg(str`Place ${index + 1} in the answer`),
          hint: msg('For example contract.plan for {"contract": {"plan": "gold"}}.'),
          maxLength: 200,
        },
      )}
      ${textField(
        oneField(`answer-${index}-name`, name, (to) => {
          // Two values of one name would become one.
          if (names.includes(String(to))) return;
          set(replaced(entries, index, [String(to), path]), `answer ${index} name`);
        }),
        {
          name: `answer-${index}-name`,
          label: msg(str`Name of answered value ${index + 1}`),
          maxLength: 64,
        },
      )}`,
  });
}
