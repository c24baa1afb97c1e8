import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import type { RoomSnapshot } from '../../call/room-control.ts';

/** The state of a room without a conversation partner: entering, or alone. */
export function roomState(snapshot: RoomSnapshot | null) {
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
