import { LOCALE_STATUS_EVENT, msg } from '@lit/localize';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { CallErrorEvent } from '../events/call-error-event.ts';
import type * as Texts from './error-texts.ts';
import type { ErrorText, FailureCode } from './error-texts.ts';

export type { ErrorText };

/** After a failed load the texts are not requested again for this time. */
const RETRY_MS = 5_000;

let texts: typeof Texts | null = null;
let loading: Promise<void> | null = null;
let failed = false;

/** Loads the texts of failures. Most calls never fail, so that they are loaded at the first failure. Never rejects. */
export function loadErrorTexts(): Promise<void> {
  return (loading ??= load());
}

async function load(): Promise<void> {
  try {
    texts = await import('./error-texts.ts');
  } catch {
    failed = true;
    setTimeout(() => {
      loading = null;
      renderTexts();
    }, RETRY_MS);
  }
  renderTexts();
}

/** Makes every element that shows texts render again, and thereby request missing texts again. */
function renderTexts(): void {
  const detail = { status: 'ready' };
  window.dispatchEvent(new CustomEvent(LOCALE_STATUS_EVENT, { detail }));
}

/**
 * A failure in the person's language. Empty until the texts are loaded; then elements with a LocaleController
 * render again. If the texts could not be loaded there is no connection: the text tells that instead.
 * `retryAt`: for a visitor, when another try may work (VisitorCallSnapshot); null if nobody knows.
 */
export function errorText(code: FailureCode, retryAt?: number | null): ErrorText {
  if (texts) {
    return retryAt === undefined ? texts.textOfError(code) : texts.textForVisitor(code, retryAt);
  }
  void loadErrorTexts();
  // Without a connection its text cannot be loaded.
  if (!failed && code !== 'offline') return { text: '', hint: '' };
  return {
    text: msg('There is no connection.'),
    hint: msg('Check your internet connection, then try again.'),
  };
}

/**
 * Dispatches `call-error` when the failure's texts are loaded. What only the owner of the website can mend is written
 * to the console. Never rejects.
 */
export async function tellError(
  target: EventTarget,
  code: ErrorCode,
  retryAt?: number | null,
): Promise<void> {
  await loadErrorTexts();
  texts?.tellOwner(code, target);
  const { text: message, hint } = errorText(code, retryAt);
  target.dispatchEvent(new CallErrorEvent({ code, message, hint }));
}
