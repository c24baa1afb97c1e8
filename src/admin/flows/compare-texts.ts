import { msg, str } from '@lit/localize';
import { exitsOf, nextOf, stepOf } from '../../protocol/flow-graph.ts';
import type { Flow, FlowStep } from '../../protocol/flow.ts';
import { exitText, shortName, typeText, type FlowNames } from './step-texts.ts';

/** One difference between two documents, in words. */
export interface StepDifference {
  readonly id: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** The step's type and title. */
  readonly step: string;
  /** What changed in it. */
  readonly details: readonly string[];
}

/** What differs between two versions of a flow. Where steps are drawn does not count. */
export function compareInWords(
  before: Flow,
  after: Flow,
  names: FlowNames,
): readonly StepDifference[] {
  const ids = [...new Set([...Object.keys(before.nodes), ...Object.keys(after.nodes)])];
  return ids.flatMap((id): StepDifference[] => {
    const [old, now] = [stepOf(before, id), stepOf(after, id)];
    if (!old) return [{ id, kind: 'added', step: shortName(after, id, names), details: [] }];
    if (!now) return [{ id, kind: 'removed', step: shortName(before, id, names), details: [] }];
    const details = detailsOf(before, after, id, names);
    if (details.length === 0) return [];
    return [{ id, kind: 'changed', step: shortName(after, id, names), details }];
  });
}

function detailsOf(before: Flow, after: Flow, id: string, names: FlowNames): string[] {
  const [old, now] = [stepOf(before, id), stepOf(after, id)];
  if (!old || !now) return [];
  if (old.type !== now.type) {
    return [msg(str`Type: ${typeText(old.type)} → ${typeText(now.type)}`)];
  }
  const settings = [...new Set([...keysOf(old), ...keysOf(now)])]
    .filter((key) => !isEqual(valueOf(old, key), valueOf(now, key)))
    .map((key) => {
      const what = settingText(key);
      return msg(str`${what}: ${shown(valueOf(old, key))} → ${shown(valueOf(now, key))}`);
    });
  const exits = [...new Set([...exitsOf(old), ...exitsOf(now)])]
    .filter((exit) => nextOf(old, exit) !== nextOf(now, exit))
    .map((exit) => {
      const name = exitText(exitsOf(now).includes(exit) ? now : old, exit, names);
      const from = targetText(before, nextOf(old, exit), names);
      const to = targetText(after, nextOf(now, exit), names);
      return msg(str`“${name}” leads to: ${from} → ${to}`);
    });
  return [...settings, ...exits];
}

const keysOf = (step: FlowStep): string[] =>
  Object.keys(step).filter((key) => key !== 'type' && key !== 'next');

const valueOf = (step: FlowStep, key: string): unknown => (step as Record<string, unknown>)[key];

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const targetText = (flow: Flow, id: string | undefined, names: FlowNames): string =>
  id === undefined ? msg('nowhere') : shortName(flow, id, names);

/** The name of a setting, as the form of the step has it. */
function settingText(key: string): string {
  switch (key) {
    case 'title':
      return msg('Title');
    case 'text':
      return msg('Text');
    case 'options':
      return msg('Options');
    case 'fields':
      return msg('Fields');
    case 'cases':
      return msg('Cases');
    case 'links':
      return msg('Links');
    case 'group':
      return msg('Skill group');
    case 'hours':
      return msg('Hours');
    case 'priority':
      return msg('Priority');
    case 'timeoutSeconds':
      return msg('Longest wait in seconds');
    case 'waitForAgents':
      return msg('Wait also while nobody is available');
    case 'recording':
      return msg('Calls are recorded');
    case 'optional':
      return msg('The visitor may skip the form');
    case 'url':
      return msg('Address');
    case 'send':
      return msg('Values to send');
    case 'answer':
      return msg('Values from the answer');
    case 'param':
      return msg('Name of the value');
    case 'value':
      return msg('Value');
    default:
      return key;
  }
}

/** A setting for a person: texts in quotes, lists by their texts. */
function shown(value: unknown): string {
  if (value === undefined) return '–';
  if (value === true) return msg('Yes');
  if (value === false) return msg('No');
  return textsIn(value).join(', ');
}

/** All texts and numbers within a value, in their order. */
function textsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)];
  return Object.values(value).flatMap(textsIn);
}
