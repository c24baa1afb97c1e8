import { msg, str } from '@lit/localize';
import type { Flow, FlowCase, FlowStep, FlowTexts } from '../../protocol/flow.ts';

/** What the server would not store, in words. `Check` names the rest. */
export interface Incomplete {
  readonly node: string;
  readonly text: string;
}

const PARAM_NAME = /^(?!constructor$|prototype$)[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const HTTPS = /^https:\/\/[^\s]+$/;
const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Everything in a document that is still missing or badly written, so that it cannot be saved. */
export function findIncomplete(flow: Flow): readonly Incomplete[] {
  return Object.entries(flow.nodes).flatMap(([node, step]) =>
    [...new Set(problemsOf(step))].map((text) => ({ node, text })),
  );
}

function problemsOf(step: FlowStep): string[] {
  switch (step.type) {
    case 'menu':
      return [
        ...needText(msg('Title'), step.title),
        ...step.options.flatMap(({ label }, index) =>
          needText(msg(str`Option ${index + 1}`), label),
        ),
      ];
    case 'message':
      return [
        ...needText(msg('Text'), step.text),
        ...(step.links ?? []).flatMap(({ label, url }, index) => [
          ...needText(msg(str`Link ${index + 1}`), label),
          ...needAddress(url),
        ]),
      ];
    case 'form':
      return [
        ...needText(msg('Title'), step.title),
        ...step.fields.flatMap(({ id, label, options = [] }, index) => [
          ...needText(msg(str`Field ${index + 1}`), label),
          ...needName(id),
          ...options.flatMap((option, at) => needText(msg(str`Option ${at + 1}`), option.label)),
        ]),
      ];
    case 'hours':
      return SLUG.test(step.hours) ? [] : [msg('Choose the hours.')];
    case 'queue':
      return [
        ...needGroup(step.group),
        ...needNumber(msg('Priority'), step.priority, 1, 9),
        ...needNumber(msg('Longest wait in seconds'), step.timeoutSeconds, 10, 86_400),
      ];
    case 'set':
      return [
        ...needNumber(msg('Priority'), step.priority, 1, 9),
        ...(step.param === undefined ? [] : needName(step.param)),
      ];
    case 'condition':
      return step.cases.flatMap(problemsOfCase);
    case 'request':
      return [
        ...needAddress(step.url),
        ...(step.send ?? []).flatMap(needName),
        ...Object.entries(step.answer ?? {}).flatMap(([name, path]) => [
          ...needName(name),
          ...(path === '' ? [msg('Enter the place in the answer.')] : []),
        ]),
      ];
    default:
      return [];
  }
}

function problemsOfCase(one: FlowCase): string[] {
  if (one.fact === 'param') return needName(one.name);
  if (one.fact !== 'wait') return [];
  return [...needGroup(one.group), ...needNumber(msg('Seconds'), one.seconds, 1, 86_400)];
}

const needText = (what: string, texts: FlowTexts): string[] =>
  Object.keys(texts).length > 0 ? [] : [msg(str`${what}: enter a text.`)];

const needName = (name: string): string[] =>
  PARAM_NAME.test(name)
    ? []
    : [msg(str`“${name}” is no name of a value. Use Latin letters, digits, dots, hyphens.`)];

const needAddress = (url: string): string[] =>
  HTTPS.test(url) && URL.canParse(url) ? [] : [msg('Enter an address that begins with https://.')];

const needGroup = (group: string): string[] =>
  SLUG.test(group) ? [] : [msg('Choose a skill group.')];

const needNumber = (
  what: string,
  value: number | undefined,
  least: number,
  most: number,
): string[] =>
  value === undefined || (Number.isInteger(value) && value >= least && value <= most)
    ? []
    : [msg(str`${what}: enter a whole number from ${least} to ${most}.`)];
