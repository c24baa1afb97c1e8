import { msg, str } from '@lit/localize';
import { exitsOf, nextOf, stepOf } from '../../protocol/flow-graph.ts';
import type { Flow, FlowCase, FlowStep, FlowTexts, StepType } from '../../protocol/flow.ts';
import { getLocale } from '../../locales/admin/locales.ts';

/** Names of what the flow refers to, by id. */
export interface FlowNames {
  readonly groups: ReadonlyMap<string, string>;
  readonly hours: ReadonlyMap<string, string>;
}

/** The types in the order in which the menu `Add step` lists them. */
export const STEP_TYPES: readonly StepType[] = [
  'menu',
  'form',
  'message',
  'hours',
  'condition',
  'set',
  'request',
  'queue',
  'callback',
  'leave-message',
  'end',
];

export function typeText(type: StepType): string {
  switch (type) {
    case 'start':
      return msg('Start');
    case 'menu':
      return msg('Menu');
    case 'hours':
      return msg('Opening hours');
    case 'condition':
      return msg('Condition');
    case 'set':
      return msg('Set a value');
    case 'message':
      return msg('Message');
    case 'form':
      return msg('Form');
    case 'request':
      return msg('Request');
    case 'queue':
      return msg('Queue');
    case 'callback':
      return msg('Callback');
    case 'leave-message':
      return msg('Leave a message');
    case 'end':
      return msg('End');
  }
}

/** What the type does, in one sentence. */
export function typeHint(type: StepType): string {
  switch (type) {
    case 'start':
      return msg('The flow begins here.');
    case 'menu':
      return msg('The visitor chooses one of up to nine options.');
    case 'hours':
      return msg('Goes one way while you are open, and another way while you are closed.');
    case 'condition':
      return msg('Goes the way of the first case that holds.');
    case 'set':
      return msg('Sets a value that the agent sees, or the priority of the call.');
    case 'message':
      return msg('The visitor reads a text, and continues.');
    case 'form':
      return msg('The visitor fills in fields. The agent sees the answers.');
    case 'request':
      return msg('Asks your own server, and takes values from its answer.');
    case 'queue':
      return msg('The visitor waits for an agent of a skill group.');
    case 'callback':
      return msg('The visitor leaves a phone number, and is called back.');
    case 'leave-message':
      return msg('The visitor leaves a message.');
    case 'end':
      return msg('The flow ends here, without a call.');
  }
}

/** A text in the language of the console, else in English, else in any. */
export function textOf(texts: FlowTexts | undefined): string {
  if (!texts) return '';
  return texts[getLocale()] ?? texts['en'] ?? Object.values(texts)[0] ?? '';
}

const named = (names: ReadonlyMap<string, string>, id: string): string => names.get(id) ?? id;

/** What tells a step from others of its type; '' if nothing does. */
export function titleOf(step: FlowStep, names: FlowNames): string {
  switch (step.type) {
    case 'menu':
    case 'form':
      return textOf(step.title);
    case 'message':
      return textOf(step.title) || textOf(step.text);
    case 'hours':
      return named(names.hours, step.hours);
    case 'queue':
      return named(names.groups, step.group);
    case 'callback':
    case 'leave-message':
      return textOf(step.title) || (step.group ? named(names.groups, step.group) : '');
    case 'set':
      return step.priority === undefined
        ? `${step.param ?? '?'} = ${step.value ?? '?'}`
        : msg(str`Priority ${step.priority}`);
    case 'condition':
      return caseText(step.cases[0], names);
    case 'request':
      return step.url.replace(/^https:\/\//, '');
    case 'start':
    case 'end':
      return '';
  }
}

/** A case of a condition in words. */
export function caseText(one: FlowCase | undefined, names: FlowNames): string {
  switch (one?.fact) {
    case 'verified':
      return msg('Signed identity');
    case 'last-agent':
      return msg('The last agent is available');
    case 'wait':
      return one.test === 'above'
        ? msg(str`Wait at ${named(names.groups, one.group)} above ${one.seconds} s`)
        : msg(str`Wait at ${named(names.groups, one.group)} below ${one.seconds} s`);
    case 'param':
      return testText(one.name, one.test, one.value ?? '');
    case 'language':
      return testText(msg('Language'), one.test, one.value);
    case 'page':
      return testText(msg('Page'), one.test, one.value);
    case undefined:
      return '';
  }
}

function testText(what: string, test: string, value: string): string {
  switch (test) {
    case 'present':
      return msg(str`${what} is there`);
    case 'contains':
      return msg(str`${what} contains “${value}”`);
    case 'starts-with':
      return msg(str`${what} starts with “${value}”`);
    default:
      return msg(str`${what} is “${value}”`);
  }
}

/** An exit of a step in words. */
export function exitText(step: FlowStep, exit: string, names: FlowNames): string {
  if (step.type === 'menu') {
    return textOf(step.options.find(({ id }) => id === exit)?.label) || exit;
  }
  if (step.type === 'condition' && exit !== 'else') {
    return (
      caseText(
        step.cases.find(({ id }) => id === exit),
        names,
      ) || exit
    );
  }
  switch (exit) {
    case 'next':
      return msg('Next');
    case 'open':
      return msg('Open');
    case 'closed':
      return msg('Closed');
    case 'else':
      return msg('Otherwise');
    case 'done':
      return msg('Done');
    case 'skipped':
      return msg('Skipped');
    case 'refused':
      return msg('Refused');
    case 'ok':
      return msg('Answered');
    case 'error':
      return msg('Failed');
    case 'timeout':
      return step.type === 'queue' ? msg('Waited too long') : msg('No answer in time');
    case 'full':
      return msg('Queue is full');
    case 'nobody':
      return msg('Nobody is there');
    default:
      return exit;
  }
}

/** Type and title: how other places refer to the step. */
export function shortName(flow: Flow, id: string, names: FlowNames): string {
  const step = stepOf(flow, id);
  if (!step) return id;
  const title = titleOf(step, names);
  const type = typeText(step.type);
  return title ? msg(str`${type}: ${title}`) : type;
}

/** The accessible name of a step: its type, its title, and where its exits lead. */
export function stepName(flow: Flow, id: string, names: FlowNames): string {
  const step = stepOf(flow, id);
  if (!step) return id;
  const exits = exitsOf(step).map((exit) => {
    const to = nextOf(step, exit);
    const target = to === undefined ? msg('nowhere') : shortName(flow, to, names);
    return msg(str`${exitText(step, exit, names)} leads to ${target}`);
  });
  return [shortName(flow, id, names), ...exits].join('; ');
}
