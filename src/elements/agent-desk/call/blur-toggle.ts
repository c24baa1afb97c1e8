import { msg } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { blurChosen, keepBlurChoice } from '../../../call/blur-choice.ts';
import type { RoomControl } from '../../../call/room-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { StoreController } from '../../parts/controllers/store-controller.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { deskStyles } from '../desk-styles.ts';

/** Blurs what is behind the agent, in this call and those to come. For media that can. */
export class BlurToggle extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    deskStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 8px;
      }
      .button[aria-pressed='true'] {
        background: var(--_accent-soft);
      }
    `,
  ];

  @property({ attribute: false }) room: RoomControl | null = null;

  /** What the media have said, and not what was pressed. */
  @state() private blurred = false;
  @state() private busy = false;
  @state() private failed = false;
  readonly #store = new StoreController(this, () => this.room);
  /** The one that we are in. */
  #entered: RoomControl | null = null;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override render() {
    return html`${
        this.failed
          ? html`<span role="status" class="quiet-text"
              >${msg('The background could not be blurred.')}</span
            >`
          : nothing
      }<button
        class="button quiet"
        aria-pressed=${this.blurred}
        ?disabled=${this.busy || this.#entered === null}
        @click=${this.#handleClick}
      >
        ${msg('Blur background')}
      </button>`;
  }

  protected override willUpdate(): void {
    const { state } = this.#store.snapshot ?? {};
    const entered = state === 'joined' || state === 'reconnecting' ? this.room : null;
    if (entered === this.#entered) return;
    this.#entered = entered;
    this.blurred = this.failed = false;
    if (entered && blurChosen()) void this.#blur(entered, true);
  }

  #handleClick(): void {
    if (this.#entered) void this.#blur(this.#entered, !this.blurred);
  }

  /** Of a room that was left meanwhile, nothing is shown any more. */
  async #blur(room: RoomControl, blurred: boolean): Promise<void> {
    const isHere = () => room === this.#entered;
    const onLost = (cause: unknown) => isHere() && this.#fail(cause);
    this.busy = true;
    this.failed = false;
    try {
      await room.setVirtualBackground(blurred ? { onLost } : null);
      if (!isHere()) return;
      this.blurred = blurred;
      keepBlurChoice(blurred);
    } catch (cause) {
      if (isHere()) this.#fail(cause);
    } finally {
      this.busy = false;
    }
  }

  /** Not tried again before somebody presses: what it needs will not be there in the next call either. */
  #fail(cause: unknown): void {
    console.warn('rtc-desk: the background is not blurred', cause);
    this.blurred = false;
    this.failed = true;
    keepBlurChoice(false);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-blur-toggle': BlurToggle;
  }
}
