import { msg } from '@lit/localize';
import { css, html, nothing } from 'lit';
import type { RoomSnapshot } from '../../call/room-control.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { hangUpIcon, warningIcon } from '../parts/icons.ts';
import { addStyles } from '../parts/styles/add-styles.ts';
import { errorText } from '../parts/texts/error-text.ts';

const styles = css`
  .state.over {
    position: absolute;
    inset: 0;
    z-index: 2;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 8px;
    padding: 24px;
    background: var(--_surface);
    text-align: center;
  }
  .state.over .icon {
    width: 40px;
    height: 40px;
    color: var(--_quiet);
  }
  .state p {
    margin: 0;
    max-width: 360px;
    text-wrap: balance;
  }
  .state strong {
    font-size: 18px;
  }
  .state .quiet {
    color: var(--_quiet);
  }
`;

/** A room that was left, has failed, or (without a snapshot) could not be entered. `again` enters once more. */
export function roomOver(
  room: Element,
  snapshot: RoomSnapshot | null,
  failure: ErrorCode | null,
  again: () => void,
) {
  addStyles(room, styles);
  if (snapshot?.state === 'left') {
    return html`<div class="state over" role="status">
      ${hangUpIcon()}
      <p><strong>${msg('You are no longer in the room.')}</strong></p>
    </div>`;
  }
  const { text, hint } = errorText((snapshot ? snapshot.error : failure) ?? 'server-error');
  return html`<div class="state over" role="alert">
    ${warningIcon()}
    <p><strong>${text}</strong></p>
    <p class="quiet">${hint}</p>
    ${
      snapshot
        ? nothing
        : html`<button class="button primary" type="button" @click=${again}>
            ${msg('Try again')}
          </button>`
    }
  </div>`;
}
