import { msg } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { RoomControl } from '../../../call/room-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { StoreController } from '../../parts/controllers/store-controller.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { deskStyles } from '../desk-styles.ts';

const STORAGE_KEY = 'rtc-desk-blur';

/** Whether the agent chose the blur in their last call; false if the browser refuses storage. */
function readChoice(): boolean {
  try {
    return localStorage.getItem(STORAGE_KEY) !== null;
  } catch {
    return false;
  }
}

function storeChoice(chosen: boolean): void {
  try {
    if (chosen) localStorage.setItem(STORAGE_KEY, '');
    else localStorage.removeItem(STORAGE_KEY);
  } catch {
    // The browser refuses storage: the agent chooses again in the next call.
  }
}

/** Blurs the agent's background, in this call and in later ones. Only TRTC's media can. */
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

  /** What the media confirmed, not what the agent pressed. */
  @state() private blurred = false;
  @state() private busy = false;
  @state() private failed = false;
  readonly #store = new StoreController(this, () => this.room);
  /** The room that this agent has entered. */
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
    if (entered && readChoice()) void this.#blur(entered, true);
  }

  #handleClick(): void {
    if (this.#entered) void this.#blur(this.#entered, !this.blurred);
  }

  /** An answer that comes after the room was left is dropped. */
  async #blur(room: RoomControl, blurred: boolean): Promise<void> {
    const isHere = () => room === this.#entered;
    const onLost = (cause: unknown) => isHere() && this.#fail(cause);
    this.busy = true;
    this.failed = false;
    try {
      await room.setVirtualBackground(blurred ? { onLost } : null);
      if (!isHere()) return;
      this.blurred = blurred;
      storeChoice(blurred);
    } catch (cause) {
      if (isHere()) this.#fail(cause);
    } finally {
      this.busy = false;
    }
  }

  /** The next call does not try again by itself: what is missing now will be missing then. */
  #fail(cause: unknown): void {
    console.warn('rtc-desk: the background is not blurred', cause);
    this.blurred = false;
    this.failed = true;
    storeChoice(false);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-blur-toggle': BlurToggle;
  }
}
