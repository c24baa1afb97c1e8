import { msg } from '@lit/localize';
import { LitElement, css, html } from 'lit';
import { property } from 'lit/decorators.js';
import type { RoomControl } from '../../call/agent-desk-control.ts';
import { LocaleController } from '../../locales/locale-controller.ts';
import { timeText } from '../parts/duration.ts';
import { StoreController } from '../parts/store-controller.ts';
import { theme } from '../parts/theme.ts';
import { deskStyles } from './desk-styles.ts';

/** What was written in a call that is over, to be read. */
export class PastConversation extends LitElement {
  static override styles = [
    theme,
    deskStyles,
    css`
      :host {
        display: block;
      }
      li {
        padding: 8px 0;
      }
      li + li {
        border-top: 1px solid var(--_line);
      }
      .text {
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
    `,
  ];

  @property({ attribute: false }) room: RoomControl | null = null;

  readonly #store = new StoreController(this, () => this.room);

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override render() {
    const entries = this.#store.snapshot?.chat.entries ?? [];
    if (entries.length === 0) {
      return html`<p class="quiet-text">${msg('Nothing was written.')}</p>`;
    }
    return html`<ul>
      ${entries.map(
        ({ name, mine, sentAt, text }) =>
          html`<li>
            <p class="quiet-text number">${mine ? msg('You') : name} · ${timeText(sentAt)}</p>
            <p class="text">${text ?? msg('A picture')}</p>
          </li>`,
      )}
    </ul>`;
  }
}
