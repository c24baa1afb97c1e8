import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { MAX_FLOW_EXITS } from '../../../protocol/flow-limits.ts';
import type { FlowCase, StepOf } from '../../../protocol/flow.ts';
import { numberField, selectField, textField, type Option } from '../../parts/fields.ts';
import { freeId } from '../edit-flow.ts';
import { entriesField, oneField, replaced, type StepFormHost } from './step-form-host.ts';

type Fact = FlowCase['fact'];

const facts = (): readonly (Option & { readonly value: Fact })[] => [
  { value: 'param', label: msg('A value of the page or of a form') },
  { value: 'language', label: msg('The visitor’s language') },
  { value: 'page', label: msg('The address of the page') },
  { value: 'verified', label: msg('The visitor has a signed identity') },
  { value: 'last-agent', label: msg('The agent of the last call is available') },
  { value: 'wait', label: msg('The wait at a skill group') },
];

const textTests = (): readonly Option[] => [
  { value: 'equals', label: msg('is') },
  { value: 'contains', label: msg('contains') },
  { value: 'starts-with', label: msg('starts with') },
];

export function conditionForm({
  step,
  groups,
  change,
}: StepFormHost<StepOf<'condition'>>): TemplateResult {
  const ids = ['else', ...step.cases.map(({ id }) => id)];
  return html`<p class="hint">
      ${msg('The first case that holds decides. If none holds, the exit “Otherwise” is taken.')}
    </p>
    ${entriesField({
      legend: msg('Cases'),
      entries: step.cases,
      most: MAX_FLOW_EXITS,
      least: 1,
      addLabel: msg('Add case'),
      nameOf: (_one, index) => msg(str`Case ${index + 1}`),
      add: (): FlowCase => ({ id: freeId(ids, 'case'), fact: 'verified' }),
      change: (cases) => change({ ...step, cases }),
      render: (one, index) =>
        renderCase(one, index, groups, (to, what) =>
          change({ ...step, cases: replaced(step.cases, index, to) }, what),
        ),
    })}`;
}

type Change = (one: FlowCase, what?: string) => void;

function renderCase(
  one: FlowCase,
  index: number,
  groups: readonly Option[],
  change: Change,
): TemplateResult {
  const name = `case-${index}-fact`;
  return html`${selectField(
    oneField(name, one.fact, (fact) => change(newCase(one.id, fact as Fact, groups))),
    { name, label: msg(str`Case ${index + 1}`), options: facts() },
  )}
  ${one.fact === 'wait' ? renderWait(one, index, groups, change) : nothing}
  ${
    one.fact === 'param' || one.fact === 'language' || one.fact === 'page'
      ? renderTest(one, index, change)
      : nothing
  }`;
}

function newCase(id: string, fact: Fact, groups: readonly Option[]): FlowCase {
  switch (fact) {
    case 'param':
      return { id, fact, name: 'topic', test: 'equals', value: '' };
    case 'language':
      return { id, fact, test: 'starts-with', value: 'zh' };
    case 'page':
      return { id, fact, test: 'contains', value: '' };
    case 'wait':
      return { id, fact, group: groups[0]?.value ?? '', test: 'above', seconds: 300 };
    default:
      return { id, fact };
  }
}

type TextCase = Extract<FlowCase, { fact: 'param' | 'language' | 'page' }>;

function renderTest(one: TextCase, index: number, change: Change): TemplateResult {
  const name = (part: string): string => `case-${index}-${part}`;
  const number = index + 1;
  const isPresent = one.test === 'present';
  const tests =
    one.fact === 'param'
      ? [...textTests(), { value: 'present', label: msg('is there') }]
      : textTests();
  return html`${
    one.fact === 'param'
      ? textField(
          oneField(name('name'), one.name, (to) =>
            change({ ...one, name: String(to) }, `case ${index} name`),
          ),
          {
            name: name('name'),
            label: msg(str`Name of the value of case ${number}`),
            maxLength: 64,
          },
        )
      : nothing
  }
  ${selectField(
    oneField(name('test'), one.test, (test) => change(withTest(one, String(test)))),
    { name: name('test'), label: msg(str`Test of case ${number}`), options: tests },
  )}
  ${
    isPresent
      ? nothing
      : textField(
          oneField(name('value'), one.value ?? '', (value) =>
            change({ ...one, value: String(value) }, `case ${index} value`),
          ),
          { name: name('value'), label: msg(str`Value of case ${number}`), maxLength: 256 },
        )
  }`;
}

function withTest(one: TextCase, test: string): FlowCase {
  if (test !== 'present') return { ...one, test, value: one.value ?? '' } as FlowCase;
  const { value: _before, ...rest } = one;
  return { ...rest, test } as FlowCase;
}

function renderWait(
  one: Extract<FlowCase, { fact: 'wait' }>,
  index: number,
  groups: readonly Option[],
  change: Change,
): TemplateResult {
  const name = (part: string): string => `case-${index}-${part}`;
  const number = index + 1;
  return html`${selectField(
    oneField(name('group'), one.group, (group) => change({ ...one, group: String(group ?? '') })),
    { name: name('group'), label: msg(str`Skill group of case ${number}`), options: groups },
  )}
  ${selectField(
    oneField(name('test'), one.test, (test) => change({ ...one, test: test as 'above' | 'below' })),
    {
      name: name('test'),
      label: msg(str`Test of case ${number}`),
      options: [
        { value: 'above', label: msg('is longer than') },
        { value: 'below', label: msg('is shorter than') },
      ],
    },
  )}
  ${numberField(
    oneField(name('seconds'), one.seconds, (seconds) =>
      change({ ...one, seconds: Number(seconds ?? 0) }, `case ${index} seconds`),
    ),
    { name: name('seconds'), label: msg(str`Seconds of case ${number}`), min: 1, max: 86_400 },
  )}`;
}
