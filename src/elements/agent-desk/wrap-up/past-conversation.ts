import { msg } from '@lit/localize';
import { LitElement, css, html } from 'lit';
import { property } from 'lit/decorators.js';
import type { ChatEntry, RoomControl } from '../../../call/room-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { LoadImage } from '../../call-room/chat/chat-image.ts';
import { StoreController } from '../../parts/controllers/store-controller.ts';
import { theme } from '../../parts/styles/theme.ts';
import { linkedText } from '../../parts/texts/linked-text.ts';
import { shownName } from '../../parts/texts/names.ts';
import { timeText } from '../../parts/texts/time-texts.ts';
import { deskStyles } from '../desk-styles.ts';

/** The conversation of a call that is over, to read. Its pictures can still be opened. */
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
      a {
        color: var(--_accent);
      }
      rtc-chat-image {
        margin-top: 4px;
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
        (entry) =>
          html`<li>
            <p class="quiet-text number">${sender(entry)} · ${timeText(entry.sentAt)}</p>
            ${this.#content(entry)}
          </li>`,
      )}
    </ul>`;
  }

  #content(entry: ChatEntry) {
    if (entry.image) {
      return html`<rtc-chat-image
        .image=${entry.image}
        .sender=${sender(entry)}
        .load=${this.#loadImage}
      ></rtc-chat-image>`;
    }
    return html`<p class="text">${linkedText(entry.text ?? '')}</p>`;
  }

  readonly #loadImage: LoadImage = (id) => this.room!.loadImage(id);
}

const sender = ({ mine, name }: ChatEntry): string => (mine ? msg('You') : shownName(name));
