import { msg, str } from '@lit/localize';
import { getLocale } from '../../locales/locales.ts';
import type { OwnCallLedger } from '../../protocol/rest/own-call.ts';

type Person = OwnCallLedger['people'][number];
type Reading = OwnCallLedger['readings'][number];

/** The day with its year, in the person's language. `at`: ms since 1970. */
export const dateText = (at: number): string =>
  new Intl.DateTimeFormat(getLocale(), { dateStyle: 'long' }).format(at);

/** Who somebody was in the call. */
export const roleText = (role: Person['role']): string =>
  role === 'agent' ? msg('Agent') : msg('Guest');

/** Who has read. */
export function readerText({ role, name }: Reading): string {
  const who = name ?? '';
  switch (role) {
    case 'agent':
      return msg(str`${who} (agent)`);
    case 'supervisor':
      return msg(str`${who} (supervisor)`);
    case 'admin':
      return msg(str`${who} (administrator)`);
    case 'owner':
      return msg(str`${who} (owner of the service)`);
    case 'backend':
      return msg('A program of the website');
    case 'operator':
      return msg('The operator of the server');
    case 'link':
      return msg('Somebody to whom the service gave a link');
  }
}

/** What was read. */
export function whatText(what: Reading['what']): string {
  switch (what) {
    case 'call':
      return msg('the facts of the call');
    case 'conversation':
      return msg('the conversation');
    case 'recording':
      return msg('the recording');
    case 'case-file':
      return msg('everything that is kept, saved as one file');
  }
}

/** A step of a recording; '' for one that is the server's own matter. */
export function recordingText(type: string): string {
  switch (type) {
    case 'recording-started':
      return msg('The recording began.');
    case 'recording-paused':
      return msg('The recording was paused.');
    case 'recording-resumed':
      return msg('The recording went on.');
    case 'recording-stopped':
      return msg('The recording ended.');
    case 'recording-refused':
      return msg('You did not agree to a recording.');
    case 'recording-failed':
      return msg('The recording failed.');
    default:
      return '';
  }
}
