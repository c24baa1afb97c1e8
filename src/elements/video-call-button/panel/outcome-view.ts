import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { CallEnd, ErrorCode, EndReason } from '../../../call/visitor-call-control.ts';
import { durationText } from '../../parts/texts/time-texts.ts';
import { errorText } from '../../parts/texts/error-text.ts';
import { checkIcon, hangUpIcon, warningIcon } from '../../parts/icons.ts';
import type { PanelWish } from './panel-requests.ts';

/** The call is over: why, how long it was, and a way back. */
export function endedView(
  { reason, seconds }: CallEnd,
  ask: (wish: PanelWish) => void,
): TemplateResult {
  const asWished = reason === 'visitor-ended' || reason === 'agent-ended';
  return html`<div class="outcome" part="outcome">
    <span class="sign ${asWished ? 'good' : ''}">${asWished ? checkIcon() : hangUpIcon()}</span>
    <p class="line" role="status">${endTextForVisitor(reason)}</p>
    ${
      seconds > 0
        ? html`<p class="note">${msg(str`The call took ${durationText(seconds)}.`)}</p>`
        : nothing
    }
    ${answers(msg('Call again'), 'call-again', ask)}
  </div>`;
}

/** It did not work: what happened, what to do, and a way to try again. */
export function failedView(code: ErrorCode, ask: (wish: PanelWish) => void): TemplateResult {
  const { text, hint } = errorText(code);
  const elsewhere = code === 'signed-in-elsewhere';
  return html`<div class="outcome" part="outcome">
    <span class="sign ${elsewhere ? '' : 'bad'}">${warningIcon()}</span>
    <p class="line" role="alert">${text}</p>
    <p class="note">${hint}</p>
    ${
      elsewhere
        ? answers(msg('Continue here'), 'take-over', ask)
        : answers(msg('Try again'), 'call-again', ask)
    }
  </div>`;
}

function answers(label: string, wish: PanelWish, ask: (wish: PanelWish) => void): TemplateResult {
  return html`<footer>
    <button class="button primary" type="button" @click=${() => ask(wish)}>${label}</button>
    <button class="button" type="button" @click=${() => ask('close')}>${msg('Close')}</button>
  </footer>`;
}

/** How a call ended, to the visitor. */
export function endTextForVisitor(reason: EndReason): string {
  switch (reason) {
    case 'cancelled':
      return msg('You cancelled the call.');
    case 'abandoned':
      return msg('You were away for too long, so your place in line was given up.');
    case 'visitor-ended':
      return msg('You left the call.');
    case 'agent-ended':
      return msg('The agent ended the call.');
    case 'visitor-gone':
      return msg('Your connection was lost for too long, so the call ended.');
    case 'agent-gone':
      return msg('The agent’s connection was lost, so the call ended.');
    case 'media-failed':
      return msg('Sound and video could not be connected.');
  }
}
