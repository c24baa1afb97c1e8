import { msg, str } from '@lit/localize';
import type { CallRecord, CallSummary, Consent } from '../../../protocol/rest/calls.ts';
import type { Dispositions } from '../../../protocol/rest/dispositions.ts';
import { UNNAMED_VISITOR, type EndReason } from '../../../protocol/end-reasons.ts';
import { getLocale } from '../../../locales/admin/locales.ts';
import { dateTimeText } from '../../parts/time-texts.ts';
import type { Option } from '../../parts/fields.ts';

type Node = Pick<Dispositions['dispositions'][number], 'code' | 'label'> & {
  readonly children?: readonly Node[];
};

/** A text that the site wrote, in the person's language; else in another one. */
export const localText = (texts: Readonly<Record<string, string | undefined>>): string =>
  texts[getLocale()] ?? texts['en'] ?? Object.values(texts).find((text) => text) ?? '';

/** Every branch and leaf of the tree, by the labels from the first level down. */
export function dispositionOptions(nodes: readonly Node[], above = ''): Option[] {
  return nodes.flatMap(({ code, label, children = [] }) => {
    const text = above + localText(label);
    return [{ value: code, label: text }, ...dispositionOptions(children, `${text} › `)];
  });
}

export const CALL_STATES = [
  'live',
  'choosing',
  'queued',
  'offered',
  'accepted',
  'ready',
  'connected',
  'ended',
] as const;

export function callStateText(state: (typeof CALL_STATES)[number]): string {
  switch (state) {
    case 'live':
      return msg('All live calls');
    case 'choosing':
      return msg('Choosing');
    case 'queued':
      return msg('Waiting');
    case 'offered':
      return msg('Ringing');
    case 'accepted':
      return msg('Accepted');
    case 'ready':
      return msg('Agent in the room');
    case 'connected':
      return msg('In call');
    case 'ended':
      return msg('Ended');
  }
}

export function endReasonText(reason: EndReason): string {
  switch (reason) {
    case 'cancelled':
      return msg('The visitor cancelled before an agent was there');
    case 'abandoned':
      return msg('The visitor left before an agent was there');
    case 'visitor-ended':
      return msg('The visitor ended it');
    case 'agent-ended':
      return msg('The agent ended it');
    case 'visitor-gone':
      return msg('The visitor lost the connection');
    case 'agent-gone':
      return msg('The agent lost the connection');
    case 'media-failed':
      return msg('The visitor could not enter the room');
    case 'recording-refused':
      return msg('The visitor did not want to be recorded');
    case 'recording-failed':
      return msg('The recording failed');
    case 'no-answer':
      return msg('The visitor did not answer the callback');
    case 'flow-ended':
      return msg('The flow ended before a queue');
    case 'consent-refused':
      return msg('The visitor did not agree to the site’s text');
    case 'message-left':
      return msg('The visitor left a message');
    case 'callback-requested':
      return msg('The visitor asked to be called back');
  }
}

export const visitorText = ({ name }: CallSummary['visitor']): string =>
  name === UNNAMED_VISITOR ? msg('Visitor') : name;

/** The name of an agent of the call, by username or id. */
export const agentText = ({ agents }: CallRecord, key: string): string =>
  agents.find(({ username, id }) => username === key || id === key)?.name ?? key;

/** Seconds that the visitor waited until the agent was in the room, or until the end; null while waiting. */
export function waitSeconds({ requestedAt, readyAt, endedAt }: CallSummary): number | null {
  const until = readyAt ?? endedAt;
  return until === null ? null : (until - requestedAt) / 1000;
}

/** What the visitor said about the call: `4 of 5`, or yes or no. */
export function ratingText(rating: CallSummary['rating']): string {
  if (rating === null) return '–';
  if (rating.kind === 'stars') return msg(str`${rating.value} of 5`);
  return rating.value === 5 ? msg('Yes') : msg('No');
}

/** What the visitor decided, and when. */
export function consentText({ agreed, at, remembered }: Consent): string {
  const when = dateTimeText(at);
  if (!agreed) return msg(str`Refused, ${when}`);
  return remembered ? msg(str`Agreed in an earlier call, ${when}`) : msg(str`Agreed, ${when}`);
}
