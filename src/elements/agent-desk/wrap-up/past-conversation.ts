import { msg } from '@lit/localize';
import { LitElement, css } from 'lit';
import { property } from 'lit/decorators.js';
import type { ChatEntry, RoomControl } from '../../../call/room-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { LoadImage } from '../../call-room/chat/chat-image.ts';
import { StoreController } from '../../parts/controllers/store-controller.ts';
import { theme } from '../../parts/styles/theme.ts';
import { shownName } from '../../parts/texts/names.ts';
import { deskStyles } from '../desk-styles.ts';
import { conversationList, conversationListStyles } from '../history/conversation-list.ts';

/** The conversation of a call that is over, to read. Its pictures can still be opened. */
export class PastConversation extends LitElement {
  static override styles = [
    theme,
    deskStyles,
    conversationListStyles,
    css`
      :host {
        display: block;
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
    return conversationList(
      entries.map((entry) => ({ ...entry, sender: sender(entry) })),
      this.#loadImage,
    );
  }

  readonly #loadImage: LoadImage = (id) => this.room!.loadImage(id);
}

const sender = ({ mine, name }: ChatEntry): string => (mine ? msg('You') : shownName(name));
