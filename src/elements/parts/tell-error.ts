import type { ErrorCode } from '../../call/error.ts';
import { CallErrorEvent } from './call-error-event.ts';
import { errorText, loadErrorTexts } from './error-text.ts';

/** Tells the page of a failure by `call-error`, once there are words for it. Never rejects. */
export async function tellError(target: EventTarget, code: ErrorCode): Promise<void> {
  await loadErrorTexts();
  const { text: message, hint } = errorText(code);
  target.dispatchEvent(new CallErrorEvent({ code, message, hint }));
}
