import { msg } from '@lit/localize';
import { css, html, nothing, type TemplateResult } from 'lit';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { CallEnd, EndReason } from '../../../protocol/views.ts';
import { ask } from '../../parts/events/requests.ts';
import { checkIcon, hangUpIcon, warningIcon } from '../../parts/icons.ts';
import { errorText } from '../../parts/texts/error-text.ts';

/** For the panel that shows these views. */
export const outcomeStyles = css`
  .outcome {
    display: flex;
    flex-direction: column;
    flex: 1;
    padding: 8px 24px 24px;
    align-items: center;
    justify-content: center;
    gap: 8px;
    padding-block: 24px 32px;
    text-align: center;
  }
  .outcome .line {
    font-size: 20px;
  }
  .outcome footer {
    margin-block-start: 16px;
  }
  [waits] ~ footer .primary {
    display: none;
  }
  .sign {
    display: grid;
    place-items: center;
    inline-size: 64px;
    block-size: 64px;
    margin-block-end: 8px;
    border-radius: 50%;
    background: var(--_sunken);
    color: var(--_quiet);
  }
  .sign svg {
    inline-size: 32px;
    block-size: 32px;
  }
  .sign.good {
    background: var(--_ok-soft);
    color: var(--_ok);
  }
  .sign.bad {
    background: var(--_danger-soft);
    color: var(--_danger);
  }
`;

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
