import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { CallEnd, EndReason } from '../../../protocol/views.ts';
import { ask } from '../../parts/events/requests.ts';
import { checkIcon, hangUpIcon, warningIcon } from '../../parts/icons.ts';
import { errorText } from '../../parts/texts/error-text.ts';

/** A call that is over: why it ended, what its flow and the time after the call say, and a button to call again. */
export function endedView({ reason }: CallEnd, panel: EventTarget, left: unknown): TemplateResult {
  const usual = usualEnd(reason);
  return html`<div class="outcome" part="outcome">
    <span class="sign ${usual ? 'good' : ''}">${usual ? checkIcon() : hangUpIcon()}</span>
    <p class="line" role="status">${usual ?? errorText(reason as UnusualReason).text}</p>
    ${left} ${answers(msg('Call again'), 'call-again-request', panel)}
  </div>`;
}

/** A call that failed: what happened, what to do, and a button to try again where that can help. */
export function failedView(
  code: ErrorCode,
  retryAt: number | null,
  panel: EventTarget,
): TemplateResult {
  const { text, hint, final } = errorText(code, retryAt);
  const elsewhere = code === 'signed-in-elsewhere';
  return html`<div class="outcome" part="outcome">
    <span class="sign ${elsewhere || code === 'handed-over' ? '' : 'bad'}">${warningIcon()}</span>
    <p class="line" role="alert">${text}</p>
    <p class="note">${hint}</p>
    ${
      elsewhere
        ? answers(msg('Continue here'), 'take-over-request', panel)
        : answers(final ? '' : msg('Try again'), 'call-again-request', panel)
    }
  </div>`;
}

/** Without a label there is only the button that closes. */
function answers(
  label: string,
  request: 'call-again-request' | 'take-over-request',
  panel: EventTarget,
): TemplateResult {
  return html`<footer>
    ${
      label
        ? html`<button class="button primary" type="button" @click=${() => ask(panel, request)}>
            ${label}
          </button>`
        : nothing
    }
    <button class="button" type="button" @click=${() => ask(panel, 'close-request')}>
      ${msg('Close')}
    </button>
  </footer>`;
}

type UnusualReason = Exclude<EndReason, 'visitor-ended' | 'agent-ended'>;

/** Why a call ended as people intended, for the visitor. The texts of the other reasons are loaded when they are needed. */
function usualEnd(reason: EndReason): string | undefined {
  if (reason === 'visitor-ended') return msg('You left the call.');
  if (reason === 'agent-ended') return msg('The agent ended the call.');
  return undefined;
}
