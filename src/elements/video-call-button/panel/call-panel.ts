import { msg, str } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { ErrorCode, VisitorCallControl } from '../../../call/visitor-call-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { minimiseIcon, videoIcon } from '../../parts/icons.ts';
import { nextTask, StoreController } from '../../parts/controllers/store-controller.ts';
import { theme } from '../../parts/styles/theme.ts';
import { callPanelStyles } from './call-panel-styles.ts';
import { endedView, failedView } from './outcome-view.ts';
import { PanelRequestEvent, type PanelWish } from './panel-requests.ts';
import { wasSmall, keepSmall } from './panel-size.ts';
import { placeText, waitingView } from './waiting-view.ts';

/** What fills the panel. */
type View = 'waiting' | 'room' | 'ended' | 'failed';

/**
 * A call as its visitor sees it: a dialog over the page, or, while waiting, a small mark that lets the
 * page be read. It decides nothing about the call; `panel-request` says what the visitor wants.
 */
export class CallPanel extends LitElement {
  static override styles = [theme, buttonStyles, callPanelStyles];

  @property({ attribute: false }) call: VisitorCallControl | null = null;
  /** Why the wish never became a call. */
  @property({ attribute: false }) refusal: ErrorCode | null = null;
  @property({ reflect: true }) theme: 'light' | 'dark' | 'auto' | null = null;
  @state() private size: 'closed' | 'small' | 'open' = 'closed';
  @state() private roomCode: 'unasked' | 'loading' | 'ready' | 'failed' = 'unasked';
  @query('dialog.window') private readonly window!: HTMLDialogElement;
  @query('dialog.question') private readonly question!: HTMLDialogElement | null;
  @query('.mark') private readonly mark!: HTMLElement;

  readonly #store = new StoreController(this, () => this.call);
  #shown: View | null = null;

  constructor() {
    super();
    new LocaleController(this);
  }

  /** Over the page. */
  open(): void {
    this.#resize('open');
  }

  /** As it was before the page was left. */
  reopen(): void {
    this.#resize(wasSmall() ? 'small' : 'open');
  }

  close(): void {
    this.#resize('closed');
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // What was in the top layer has left it, if the element was moved.
    if (this.hasUpdated) this.#place();
  }

  protected override async scheduleUpdate(): Promise<void> {
    await nextTask();
    super.scheduleUpdate();
  }

  protected override willUpdate(): void {
    const view = this.#view();
    // What needs the visitor's eyes comes back by itself.
    if (this.size === 'small' && view !== 'waiting') this.size = 'open';
    if (view === 'waiting' && this.size !== 'closed' && this.roomCode === 'unasked')
      this.#loadRoom();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('size')) this.#place();
    const view = this.#view();
    if (view === this.#shown) return;
    this.#shown = view;
    if (this.question?.open) this.question.close();
    // What had the focus may be gone; a dialog without focus would leave it on the page behind.
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
      ${view === 'room' ? this.#leaveQuestion() : nothing}
      <div class="mark" part="mark" popover="manual">
        ${this.size === 'small' ? this.#mark() : nothing}
      </div>
    `;
  }

  #view(): View {
    const snapshot = this.#store.snapshot;
    if (this.refusal || snapshot?.state === 'failed') return 'failed';
    if (snapshot?.state === 'ended') return 'ended';
    // Until the room can be shown there is nothing better to look at.
    const showable = this.roomCode === 'ready' || this.roomCode === 'failed';
    return snapshot?.room && showable ? 'room' : 'waiting';
  }

  #header(view: View): TemplateResult {
    return html`<header>
      <h2 tabindex="-1" autofocus data-focus>${msg('Video support')}</h2>
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
        return failedView(this.refusal ?? snapshot.error ?? 'server-error', this.#ask);
      case 'ended':
        return snapshot.ended ? endedView(snapshot.ended, this.#ask) : nothing;
      case 'waiting':
        return waitingView(snapshot, this.#ask);
      case 'room':
        if (this.roomCode === 'failed') return this.#roomFailed();
        return html`<div class="room" tabindex="-1" data-focus>
          <call-room
            .session=${snapshot.room}
            lang=${this.lang || nothing}
            theme=${this.theme ?? nothing}
          ></call-room>
        </div>`;
    }
  }

  /** The agent is there and the rest of the page's code is not: the one thing to do is to fetch it again. */
  #roomFailed(): TemplateResult {
    return html`<div class="outcome">
      <p class="line" role="alert">${msg('The call could not be shown.')}</p>
      <p class="note">${msg('Check your internet connection, then try again.')}</p>
      <footer>
        <button class="button primary" type="button" @click=${() => this.#loadRoom()}>
          ${msg('Try again')}
        </button>
        <button class="button" type="button" @click=${() => this.#ask('hang-up')}>
          ${msg('End the call')}
        </button>
      </footer>
    </div>`;
  }

  #leaveQuestion(): TemplateResult {
    return html`<dialog
      class="question"
      role="alertdialog"
      aria-labelledby="question"
      @cancel=${(event: Event) => event.stopPropagation()}
    >
      <p id="question">${msg('Do you want to end the call?')}</p>
      <footer>
        <button class="button" type="button" autofocus @click=${() => this.question?.close()}>
          ${msg('Stay in the call')}
        </button>
        <button class="button danger" type="button" @click=${() => this.#ask('hang-up')}>
          ${msg('End the call')}
        </button>
      </footer>
    </dialog>`;
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

  readonly #ask = (wish: PanelWish): void => {
    this.dispatchEvent(new PanelRequestEvent(wish));
  };

  #loadRoom(): void {
    this.roomCode = 'loading';
    import('../../call-room/define.ts').then(
      () => (this.roomCode = 'ready'),
      () => (this.roomCode = 'failed'), // shown by #roomFailed once the room is there
    );
  }

  // ---- size ------------------------------------------------------------------------------------

  #resize(size: 'closed' | 'small' | 'open'): void {
    if (size !== 'closed') keepSmall(size === 'small');
    this.size = size;
    this.#ask(size === 'closed' ? 'uncovered' : 'covered');
  }

  #place(): void {
    // An update may come after the element was taken away; `connectedCallback` makes up for it.
    if (!this.isConnected) return;
    const { window, mark, size } = this;
    if (window.open && (size !== 'open' || !window.matches(':modal'))) window.close();
    if (size === 'open' && !window.open) window.showModal();
    mark.togglePopover(size === 'small');
    if (size === 'small') mark.querySelector('button')?.focus();
  }

  #focusView(): void {
    this.renderRoot.querySelector<HTMLElement>('[data-focus]')?.focus();
  }

  /** Escape, or a phone's way back: puts a wait aside, asks before it ends a call, closes what is over. */
  readonly #handleCancel = (event: Event): void => {
    // A file dialog inside tells of its own cancel the same way.
    if (event.target !== this.window) return;
    event.preventDefault();
    this.#stepBack();
  };

  /** A browser lets a page refuse only once in a row: the second time the dialog is closed all the same. */
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
        return this.#ask('close');
    }
  }

  #askBeforeLeaving(): void {
    const { question } = this;
    if (!question || !this.window.open) return;
    if (question.open) question.close();
    question.showModal();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-call-panel': CallPanel;
  }
}
