import { LOCALE_STATUS_EVENT, msg } from '@lit/localize';
import type { ErrorCode } from '../../call/error.ts';
import type * as Texts from './error-texts.ts';
import type { ErrorText } from './error-texts.ts';

export type { ErrorText };

let texts: Pick<typeof Texts, 'textOfError'> | null = null;
let loading: Promise<void> | null = null;

/** Most calls never fail: what to say is loaded with the first failure. Never rejects. */
export function loadErrorTexts(): Promise<void> {
  return (loading ??= load());
}

async function load(): Promise<void> {
  try {
    texts = await import('./error-texts.ts');
  } catch {
    // Whatever else has failed, there is no connection either: that is told.
    texts = { textOfError: () => ({ text: msg('There is no connection.'), hint: '' }) };
    loading = null;
  }
  // Who shows a text renders again when texts are there, whichever they are.
  const detail = { status: 'ready' };
  window.dispatchEvent(new CustomEvent(LOCALE_STATUS_EVENT, { detail }));
}

/** A failure in the person's language. Empty until the texts are there; elements that follow the language render then. */
export function errorText(code: ErrorCode): ErrorText {
  if (texts) return texts.textOfError(code);
  void loadErrorTexts();
  return { text: '', hint: '' };
}
