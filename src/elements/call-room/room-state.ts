import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import type { RoomSnapshot } from '../../call/room-control.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { hangUpIcon, warningIcon } from '../parts/icons.ts';
import { errorText } from '../parts/texts/error-text.ts';

/** The state of a room without a conversation partner: entering, alone, left, or failed. */
export function roomState(
  snapshot: RoomSnapshot | null,
  failure: ErrorCode | null,
  enterAgain: () => void,
) {
  const error = snapshot?.state === 'failed' ? (snapshot.error ?? 'server-error') : failure;
  if (error && (!snapshot || snapshot.state === 'failed')) {
    const { text, hint } = errorText(error);
    return html`<div class="state over" role="alert">
      ${warningIcon()}
      <p><strong>${text}</strong></p>
      <p class="quiet">${hint}</p>
      ${
        snapshot
          ? nothing
          : html`<button class="button primary" type="button" @click=${enterAgain}>
              ${msg('Try again')}
            </button>`
      }
    </div>`;
  }
  if (snapshot?.state === 'left') {
    return html`<div class="state over" role="status">
      ${hangUpIcon()}
      <p><strong>${msg('You are no longer in the room.')}</strong></p>
    </div>`;
  }
  const alone = snapshot?.state === 'joined' && snapshot.people.length === 1;
  return html`<div class="state-line" role="status">
    ${
      !snapshot || snapshot.state === 'joining'
        ? html`<span class="chip"><span class="spinner"></span>${msg('Connecting…')}</span>`
        : alone
          ? html`<span class="chip"
              ><span class="pulse"></span>${msg('Waiting for others to come in')}</span
            >`
          : nothing
    }
  </div>`;
}
