import { msg, str } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type {
  VisitorCallControl,
  VisitorCallSnapshot,
} from '../../../call/visitor-call-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { RingingButton } from '../../callback/ring.ts';
import { nextTask, StoreController } from '../../parts/controllers/store-controller.ts';
import { ask, handleRequests } from '../../parts/events/requests.ts';
import { minimiseIcon, videoIcon } from '../../parts/icons.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { errorText } from '../../parts/texts/error-text.ts';
import { callPanelStyles } from './call-panel-styles.ts';
import { wasSmall, keepSmall } from './panel-size.ts';
import { placeText, waitingView } from './waiting-view.ts';

type DrawPart = (
  snapshot: VisitorCallSnapshot,
  panel: CallPanel,
) => TemplateResult | typeof nothing;

/** Each is a chunk of its own. */
const PARTS = {
  step: (): Promise<{ draw: DrawPart }> => import('../flow/define-flow.ts'),
  join: (): Promise<{ draw: DrawPart }> => import('../join/define-join.ts'),
  devices: (): Promise<{ draw: DrawPart }> => import('../devices/define-device-notes.ts'),
  minimised: (): Promise<{ draw: DrawPart }> => import('../minimised/define-minimised.ts'),
  recording: (): Promise<{ draw: DrawPart }> => import('../recording/define-recording.ts'),
  after: (): Promise<{ draw: DrawPart }> => import('../after-call/define-after-call.ts'),
  outcome: (): Promise<{ draw: DrawPart }> => import('../outcome/draw-outcome.ts'),
};

/** The outcome where its code cannot be loaded. */
const withoutCode: DrawPart = (_, panel) =>
  html`<div class="waiting">
    <p class="line" role="alert">${errorText('offline').text}</p>
    <footer>
      <button class="button" type="button" @click=${() => ask(panel, 'close-request')}>
        ${msg('Close')}
      </button>
    </footer>
  </div>`;

/** What fills the panel. */
type View = 'waiting' | 'room' | 'ended' | 'failed';

/**
 * A call as its visitor sees it: a dialog over the page. While the visitor waits, the dialog can be made a
 * small mark, so that the page can be read. The panel decides nothing about the call: it sends requests up.
 */
export class CallPanel extends LitElement {
  static override styles = [theme, buttonStyles, callPanelStyles];

  @property({ attribute: false }) call: VisitorCallControl | null = null;
  /** The button that was pressed. */
  @property({ attribute: false }) button: RingingButton | null = null;
  /** Why the request never reached the call. */
  @property({ attribute: false }) refusal: ErrorCode | null = null;
  @property({ reflect: true }) theme: 'light' | 'dark' | 'auto' | null = null;
  @state() private size: 'closed' | 'small' | 'open' = 'closed';
  @query('dialog.window') private readonly window!: HTMLDialogElement;
  @query('.mark') private readonly mark!: HTMLElement;

  readonly #store = new StoreController(this, () => this.call);
  #shown: View | null = null;
  /** What is drawn by code that a plain call does not need; null while it is loading. */
  readonly #parts = new Map<keyof typeof PARTS, DrawPart | null>();

  constructor() {
    super();
    new LocaleController(this);
    // The shortcuts of the room work wherever the focus is in the panel.
    this.addEventListener('keydown', (event) => {
      if (this.size === 'open') this.renderRoot.querySelector('call-room')?.handleShortcut(event);
    });
    handleRequests(this, {
      'minimise-request': ({ small }) => this.#resize(small ? 'small' : 'open'),
    });
  }

  /** Opens it over the page. */
  open(): void {
    this.#resize('open');
  }

  /** Opens it as large as it was before the page was left. */
  reopen(): void {
    this.#resize(wasSmall() ? 'small' : 'open');
  }

  close(): void {
    // Code that could not be loaded is loaded again with the next call.
    this.#parts.delete('outcome');
    this.#resize('closed');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // A dialog that is moved in the document leaves the top layer.
    if (this.hasUpdated) this.#place();
  }

  protected override async scheduleUpdate(): Promise<void> {
    await nextTask();
    super.scheduleUpdate();
  }

  protected override willUpdate(): void {
    const view = this.#view();
    // The room and the end of a call open by themselves. A room stays small if the visitor minimised it.
    if (this.size !== 'small') return;
    if ((view !== 'waiting' && view !== wasSmall()) || this.#store.snapshot?.joinAsked) {
      this.size = 'open';
    }
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('size')) this.#place();
    const view = this.#view();
    if (view === this.#shown) return;
    this.#shown = view;
    this.renderRoot.querySelector('rtc-leave-question')?.remove();
    // The focused element may be gone. Without a focus in the dialog the keyboard would reach the page behind it.
    if (this.size === 'open' && !this.shadowRoot?.activeElement) this.#focusView();
  }

  protected override render() {
    const view = this.#view();
    return html`
      <dialog
        class="window ${view === 'room' ? 'wide' : ''}"
        part="dialog"
        aria-label=${msg('Video support')}
        @cancel=${this.#handleCancel}
        @close=${this.#handleClose}
      >
        ${view === 'room' ? nothing : this.#header(view)} ${this.#body(view)}
      </dialog>
      <div class="mark" part="mark" popover="manual">
        ${this.size !== 'small' ? nothing : view === 'room' ? this.drawPart('minimised', this.#store.snapshot!) : this.#mark()}
      </div>
    `;
  }

  #view(): View {
    const snapshot = this.#store.snapshot;
    if (this.refusal || snapshot?.state === 'failed') return 'failed';
    if (snapshot?.state === 'ended') return 'ended';
    return snapshot?.room ? 'room' : 'waiting';
  }

  #header(view: View): TemplateResult {
    return html`<header>
      <h2 tabindex="-1" data-focus>${msg('Video support')}</h2>
      ${
        view === 'waiting'
          ? html`<button
              class="icon-button"
              type="button"
              aria-label=${msg('Minimise')}
              title=${msg('Minimise')}
              @click=${() => this.#resize('small')}
            >
              ${minimiseIcon()}
            </button>`
          : nothing
      }
    </header>`;
  }

  #body(view: View): TemplateResult | typeof nothing {
    const snapshot = this.#store.snapshot;
    if (!snapshot) return nothing;
    switch (view) {
      case 'failed':
      case 'ended':
        return this.drawPart('outcome', snapshot);
      case 'waiting':
        if (snapshot.step) return this.drawPart('step', snapshot);
        if (snapshot.joinAsked) return this.drawPart('join', snapshot);
        return waitingView(
          snapshot,
          this,
          snapshot.local.camera.error || snapshot.local.microphone.error
            ? this.drawPart('devices', snapshot)
            : nothing,
        );
      case 'room':
        return html`<div class="room" tabindex="-1" data-focus>
          <call-room
            .session=${snapshot.room}
            lang=${this.lang || nothing}
            theme=${this.theme ?? nothing}
          ></call-room>
          ${snapshot.recording && this.drawPart('recording', snapshot)}
        </div>`;
    }
  }

  #mark(): TemplateResult {
    const snapshot = this.#store.snapshot!;
    const { position } = snapshot;
    const place = placeText(snapshot);
    const short =
      snapshot.state === 'queued' && position !== null
        ? msg(str`Number ${position} in line`)
        : place;
    return html`<span class="visually-hidden" role="status">${place}</span>
      <button class="button primary" type="button" @click=${() => this.#resize('open')}>
        ${videoIcon()} ${short}
      </button>`;
  }

  /** Drawn by code that a plain call does not need; nothing while it is loading. */
  drawPart(
    name: keyof typeof PARTS,
    snapshot: VisitorCallSnapshot,
  ): TemplateResult | typeof nothing {
    const draw = this.#parts.get(name);
    if (draw) return draw(snapshot, this);
    if (draw === undefined) {
      this.#parts.set(name, null);
      PARTS[name]()
        .then(
          (part) => this.#parts.set(name, part.draw),
          () => {
            this.#parts.delete(name);
            // The call cannot go on without the step. The devices' faults can stay untold.
            if (name === 'step') this.refusal = 'offline';
            if (name === 'minimised') this.size = 'open';
            if (name === 'outcome') this.#parts.set(name, withoutCode);
          },
        )
        .finally(() => this.requestUpdate());
    }
    return nothing;
  }

  // ---- size ------------------------------------------------------------------------------------

  #resize(size: 'closed' | 'small' | 'open'): void {
    if (size !== 'closed') keepSmall(size === 'small' && this.#view());
    this.size = size;
    ask(this, 'cover-request', { covered: size !== 'closed' });
  }

  #place(): void {
    // An update may come after the element was removed. `connectedCallback` does this again.
    if (!this.isConnected) return;
    const { window, mark, size } = this;
    if (window.open && (size !== 'open' || !window.matches(':modal'))) window.close();
    if (size === 'open' && !window.open) {
      window.showModal();
      // Not by `autofocus`, which a frame of another origin blocks.
      this.#focusView();
    }
    mark.togglePopover(size === 'small');
    if (size === 'small') mark.querySelector('button')?.focus();
  }

  #focusView(): void {
    this.renderRoot.querySelector<HTMLElement>('[data-focus]')?.focus();
  }

  /** Escape, or a phone's Back: minimises the waiting view, asks before a call ends, closes what is over. */
  readonly #handleCancel = (event: Event): void => {
    // The `cancel` of a file dialog inside bubbles up to here, too.
    if (event.target !== this.window) return;
    event.preventDefault();
    this.#stepBack();
  };

  /** A page can prevent `cancel` only once in a row: at the second Escape the browser closes the dialog. */
  readonly #handleClose = (event: Event): void => {
    if (event.target !== this.window || this.size !== 'open' || this.window.open) return;
    this.#stepBack();
    if (this.size === 'open') this.#place();
    if (this.#view() === 'room') this.#askBeforeLeaving();
  };

  #stepBack(): void {
    switch (this.#view()) {
      case 'waiting':
        return this.#resize('small');
      case 'room':
        return this.#askBeforeLeaving();
      case 'ended':
      case 'failed':
        ask(this, 'close-request');
    }
  }

  /** Without the code of the question the call goes on. The room has a button that leaves. */
  #askBeforeLeaving(): void {
    import('../leave/ask-before-leaving.ts').then(
      ({ askBeforeLeaving }) =>
        this.window.open && this.#view() === 'room' && askBeforeLeaving(this),
      (error) => console.warn('rtc-desk', error),
    );
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-call-panel': CallPanel;
  }
}
