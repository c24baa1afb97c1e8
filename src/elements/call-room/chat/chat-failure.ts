import { html, nothing } from 'lit';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { errorText } from '../../parts/texts/error-text.ts';

/** Whether a code says why a message was refused, such as `image-too-large`. */
export const isChatFailure = (code: ErrorCode): boolean => /^(message|image)-/.test(code);

/** The reason, above the field in which the message was written. */
export function chatFailure(code: ErrorCode | null) {
  if (!code || !isChatFailure(code)) return nothing;
  const { text, hint } = errorText(code);
  return html`<p class="failure" role="alert"><strong>${text}</strong> ${hint}</p>`;
}
