import { LitElement, css, html } from 'lit';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { RovingGrid } from './roving-grid.ts';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { popoverStyles } from '../../parts/styles/popover-styles.ts';
import { emoji } from './emoji.ts';

const COLUMNS = 8;

/** The person chose an emoji. */
export class EmojiChosenEvent extends Event {
  constructor(readonly emoji: string) {
    super('emoji-chosen', { bubbles: true, composed: true });
  }
}

/** 64 emoji for a conversation about a problem and its solution. A chunk of its own. */
export class EmojiPicker extends LitElement {
  static override styles = [
    baseStyles,
    popoverStyles,
    css`
      :host(:popover-open) {
        padding: 8px;
      }
      div {
        display: grid;
        grid-template-columns: repeat(8, 36px);
      }
      button {
        display: grid;
        place-items: center;
        height: 36px;
        margin: 0;
        padding: 0;
        border: 0;
        border-radius: 8px;
        background: none;
        font-size: 22px;
        line-height: 1;
        cursor: pointer;
      }
      button:hover {
        background: var(--_sunken);
      }
      button:focus-visible {
        outline-offset: -3px;
      }
      @media (pointer: coarse) {
        div {
          grid-template-columns: repeat(8, minmax(34px, 44px));
        }
        button {
          height: 44px;
        }
      }
    `,
  ];

  readonly #focus = new RovingGrid(this, 'button', COLUMNS);

  constructor() {
    super();
    new LocaleController(this);
  }

  focusFirst(): void {
    this.renderRoot.querySelector<HTMLElement>('button[tabindex="0"]')?.focus();
  }

  protected override firstUpdated(): void {
    this.requestUpdate();
  }

  protected override render() {
    return html`<div @keydown=${this.#focus.handleKeydown} @focusin=${this.#focus.handleFocusin}>
      ${emoji().map(
        ([sign, name]) =>
          html`<button
            type="button"
            aria-label=${name}
            title=${name}
            @click=${() => this.dispatchEvent(new EmojiChosenEvent(sign))}
          >
            ${sign}
          </button>`,
      )}
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-emoji-picker': EmojiPicker;
  }
  interface GlobalEventHandlersEventMap {
    'emoji-chosen': EmojiChosenEvent;
  }
}
