import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import type { RoomSnapshot } from '../../call/room-control.ts';
import { warningIcon } from '../parts/icons.ts';

/**
 * Tells that the connection is interrupted. Its code is loaded with the room, because nothing can be loaded then.
 * `toldOutside`: the element around the room tells by itself that the server cannot be reached.
 */
export function connectionNotice({ state, signaling }: RoomSnapshot, toldOutside: boolean) {
  let text = '';
  if (state === 'reconnecting') text = msg('The connection was lost. Reconnecting…');
  else if (signaling === 'offline' && state === 'joined' && !toldOutside) {
    text = msg('The connection was interrupted. The call goes on while we reconnect.');
  }
  if (!text) return nothing;
  return html`<div class="notice" role="status">
    ${warningIcon()}
    <p>${text}</p>
  </div>`;
}
