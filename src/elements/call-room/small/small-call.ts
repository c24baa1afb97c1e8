import { msg } from '@lit/localize';
import { LitElement, css, html, nothing, svg } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { RoomControl } from '../../../call/room-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { RecordingState } from '../../../protocol/views.ts';
import { StoreController } from '../../parts/controllers/store-controller.ts';
import { ask } from '../../parts/events/requests.ts';
import { draw, videoIcon } from '../../parts/icons.ts';
import { baseStyles } from '../../parts/styles/base-styles.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { moveWithin } from './move-within.ts';
import { smallViewStyles } from './small-view-styles.ts';
import { smallView } from './small-view.ts';
import { openSmallWindow, type SmallWindow } from './small-window.ts';

const moveIcon = () =>
  draw(
    svg`<path d="M12 3v18M3 12h18M9.5 5.5 12 3l2.5 2.5M9.5 18.5 12 21l2.5-2.5M5.5 9.5 3 12l2.5 2.5M18.5 9.5 21 12l-2.5 2.5" />`,
  );

/** By one arrow key, in CSS pixels. */
const KEY_STEP = 24;
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-KEY_STEP, 0],
  ArrowRight: [KEY_STEP, 0],
  ArrowUp: [0, -KEY_STEP],
  ArrowDown: [0, KEY_STEP],
};

/**
 * A minimised call: in a window above all others where the browser has one, else in a small window over the page, which
 * a pointer or the arrow keys move. The page below stays usable. Asks with `minimise-request` for the way back.
 */
export class SmallCall extends LitElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    smallViewStyles,
    css`
      :host {
        display: block;
      }
      .frame {
        inline-size: min(280px, calc(100vw - 32px));
        block-size: min(240px, calc(100dvh - 32px));
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        box-shadow: var(--_shadow);
        overflow: hidden;
      }
      .picture,
      .move {
        cursor: move;
        touch-action: none;
      }
      .back {
        min-block-size: 48px;
        border-radius: 24px;
        box-shadow: var(--_shadow);
      }
    `,
  ];

  @property({ attribute: false }) room: RoomControl | null = null;
  @property({ attribute: false }) theme: string | null = null;
  /** What a window above all others says about the recording. In the page the panel says it. */
  @property({ attribute: false }) recording: RecordingState | undefined;
  /** Whether the call is in a window of its own. */
  @state() private outside = false;

  readonly #store = new StoreController(this, () => this.room);
  #window: SmallWindow | null = null;
  /** The distance from the first place, in CSS pixels. */
  #moved = { x: 0, y: 0 };
  #drag: { readonly x: number; readonly y: number } | null = null;

  constructor() {
    super();
    new LocaleController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('resize', this.#handleResize);
    void this.#openWindow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('resize', this.#handleResize);
    this.#window?.close();
  }

  /** The way back to the large call. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.restore')?.focus();
  }

  protected override updated(): void {
    this.#window?.update();
  }

  protected override firstUpdated(): void {
    // What was pressed is gone with the large call. The browser gives the focus to the page, or to an element around.
    const { activeElement } = document;
    const hostOf = (node: Node) => (node.getRootNode() as Partial<ShadowRoot>).host ?? null;
    let around = hostOf(this);
    while (around && around !== activeElement) around = hostOf(around);
    if (around || activeElement === document.body) this.focus();
  }

  protected override render() {
    const { room } = this;
    if (!room || !this.#store.snapshot) return nothing;
    if (this.outside) {
      return html`<button class="button primary back restore" type="button" @click=${this.#restore}>
        ${videoIcon()} ${msg('Back to the call')}
      </button>`;
    }
    const handle = html`<button
      type="button"
      class="icon-button move"
      aria-label=${msg('Move the window')}
      aria-description=${msg('Use the arrow keys.')}
      title=${msg('Move the window')}
      @keydown=${this.#handleKey}
    >
      ${moveIcon()}
    </button>`;
    return html`<div
      class="frame"
      @pointerdown=${this.#handlePointerDown}
      @pointermove=${this.#handlePointerMove}
      @pointerup=${this.#handlePointerUp}
      @pointercancel=${this.#handlePointerUp}
    >
      ${smallView(room, { restore: this.#restore, handle })}
    </div>`;
  }

  /** The browser opens it only within a press. After a reload the small window in the page is shown. */
  async #openWindow(): Promise<void> {
    if (!this.room || !navigator.userActivation?.isActive) return;
    const opened = await openSmallWindow({
      room: this.room,
      title: msg('Video support'),
      lang: this.closest('[lang]')?.getAttribute('lang') ?? document.documentElement.lang,
      theme: this.theme,
      recording: () => this.recording,
      restore: this.#restore,
      closed: () => {
        this.#window = null;
        this.outside = false;
      },
    });
    if (opened && !this.isConnected) return opened.close();
    this.#window = opened;
    this.outside = opened !== null;
  }

  readonly #restore = (): void => {
    this.#window?.close();
    ask(this, 'minimise-request', { small: false });
  };

  readonly #handleKey = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    this.#move(step[0], step[1]);
  };

  readonly #handlePointerDown = (event: PointerEvent): void => {
    const target = event.target as Element;
    if (event.button !== 0 || !target.closest('.picture, .move')) return;
    event.preventDefault();
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    this.#drag = { x: event.clientX, y: event.clientY };
  };

  readonly #handlePointerMove = (event: PointerEvent): void => {
    if (!this.#drag) return;
    const { x, y } = this.#drag;
    this.#drag = { x: event.clientX, y: event.clientY };
    this.#move(event.clientX - x, event.clientY - y);
  };

  readonly #handlePointerUp = (): void => {
    this.#drag = null;
  };

  /** A smaller page: the window moves into view again. */
  readonly #handleResize = (): void => this.#move(0, 0);

  #move(x: number, y: number): void {
    const frame = this.renderRoot.querySelector('.frame');
    if (!frame) return;
    const { clientWidth: width, clientHeight: height } = document.documentElement;
    const by = moveWithin(frame.getBoundingClientRect(), { x, y }, { width, height });
    this.#moved = { x: this.#moved.x + by.x, y: this.#moved.y + by.y };
    this.style.translate = `${this.#moved.x}px ${this.#moved.y}px`;
  }
}

if (!customElements.get('rtc-small-call')) customElements.define('rtc-small-call', SmallCall);

declare global {
  interface HTMLElementTagNameMap {
    'rtc-small-call': SmallCall;
  }
}
