import { LOCALE_STATUS_EVENT, msg } from '@lit/localize';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { CallErrorEvent } from '../events/call-error-event.ts';
import type * as Texts from './error-texts.ts';
import type { ErrorText } from './error-texts.ts';

export type { ErrorText };

/** From when the texts did not come until they are asked for again by whoever shows one; in ms. */
const PAUSE = 5_000;

let texts: typeof Texts | null = null;
let loading: Promise<void> | null = null;
let failed = false;

/** Most calls never fail: what to say is loaded with the first failure, or with a later one. Never rejects. */
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
    }, PAUSE);
  }
  renderTexts();
}

/** Who shows texts of any kind does so anew, and asks for those of a failure again where they are still missing. */
function renderTexts(): void {
  const detail = { status: 'ready' };
  window.dispatchEvent(new CustomEvent(LOCALE_STATUS_EVENT, { detail }));
}

/**
 * A failure in the person's language. Empty until the texts are there; elements that follow the language render then.
 * Where they did not come, there is no connection either, whatever else has failed: that is told, until they do.
 */
export function errorText(code: ErrorCode): ErrorText {
  if (texts) return texts.textOfError(code);
  void loadErrorTexts();
  return { text: failed ? msg('There is no connection.') : '', hint: '' };
}

/** Tells the page of a failure by `call-error`, once there are words for it. Never rejects. */
export async function tellError(target: EventTarget, code: ErrorCode): Promise<void> {
  await loadErrorTexts();
  const { text: message, hint } = errorText(code);
  target.dispatchEvent(new CallErrorEvent({ code, message, hint }));
}
