import { shownName } from '../../parts/texts/names.ts';
import { msg, str } from '@lit/localize';
import { LitElement, html, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { OfferView } from '../../../call/agent-desk-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { clockText } from '../../parts/texts/time-texts.ts';
import { clockIcon, soundIcon } from '../../parts/icons.ts';
import { theme } from '../../parts/styles/theme.ts';
import { phoneIcon } from '../desk-icons.ts';
import { DeskRequestEvent, type DeskWish } from '../desk-requests.ts';
import { deskStyles } from '../desk-styles.ts';
import { incomingCallStyles } from './incoming-call-styles.ts';
import { languageText, nameChip } from '../visitor/visitor-texts.ts';
import { TickController } from '../../parts/controllers/tick-controller.ts';
import { whyText } from './offer-reason-text.ts';

/**
 * A call that rings. The focus goes to the dialog and not to a button, so that somebody who was typing
 * neither accepts nor declines with the next key. Fires `desk-request`.
 */
export class IncomingCall extends LitElement {
  static override styles = [theme, buttonStyles, deskStyles, incomingCallStyles];

  @property({ attribute: false }) offer: OfferView | null = null;

  /** The server's clock less this browser's, in ms. */
  @property({ type: Number }) clockOffset = 0;

  /** An answer is on its way. */
  @property({ type: Boolean }) busy = false;

  /** The browser keeps the ring silent. */
  @property({ type: Boolean }) soundBlocked = false;

  @query('dialog') private readonly dialog!: HTMLDialogElement;

  constructor() {
    super();
    new LocaleController(this);
    new TickController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // What was in the top layer has left it, if the desk was moved.
    if (this.hasUpdated) this.#place();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('offer')) this.#place();
  }

  #place(): void {
    const { dialog, offer } = this;
    if (dialog.open && (!offer || !dialog.matches(':modal'))) dialog.close();
    if (!offer || dialog.open) return;
    dialog.showModal();
    dialog.focus();
  }

  protected override render() {
    return html`<dialog
      role="alertdialog"
      aria-labelledby="title"
      aria-describedby="about"
      tabindex="-1"
      @cancel=${(event: Event) => event.preventDefault()}
      @keydown=${this.#handleKeydown}
    >
      ${this.offer ? this.#content(this.offer) : html`<h2 id="title">${msg('Incoming call')}</h2>`}
    </dialog>`;
  }

  #content(offer: OfferView) {
    const now = Date.now() + this.clockOffset;
    const left = offer.deadline - now;
    const { visitor } = offer;
    const waited = clockText((now - offer.requestedAt) / 1000);
    return html`<div class="top">
        <div id="about">
          <h2 id="title"><span class="pulse" aria-hidden="true"></span>${msg('Incoming call')}</h2>
          <p class="name">${shownName(visitor.name)}</p>
          ${nameChip(visitor)}
        </div>
        ${countdownRing(left, offer.deadline - offer.offeredAt)}
      </div>
      <div class="facts" tabindex="0" role="group" aria-label=${msg('About the call')}>
        <div class="chips">
          <span class="chip">${offer.skill.name}</span>
          <span class="chip number">${clockIcon()} ${msg(str`Waiting for ${waited}`)}</span>
          ${
            visitor.language
              ? html`<span class="chip">${languageText(visitor.language)}</span>`
              : nothing
          }
        </div>
        ${
          Object.keys(visitor.params).length > 0
            ? html`<div class="params">
                <rtc-params-list .params=${visitor.params}></rtc-params-list>
              </div>`
            : nothing
        }
        ${
          visitor.page
            ? html`<p class="quiet-text page">${msg('From the page')} ${visitor.page}</p>`
            : nothing
        }
        <p class="quiet-text">${whyText(offer.why)}</p>
        ${
          this.soundBlocked
            ? html`<button
                class="button sound"
                @click=${() => this.#ask({ wish: 'turn-on-sound' })}
              >
                ${soundIcon()} ${msg('Turn on sound')}
              </button>`
            : nothing
        }
      </div>
      <div class="actions">
        <button
          class="button"
          ?disabled=${this.busy}
          @click=${() => this.#ask({ wish: 'decline' })}
        >
          ${msg('Decline')}
        </button>
        <button
          class="button accept"
          ?disabled=${this.busy}
          @click=${() => this.#ask({ wish: 'accept' })}
        >
          ${phoneIcon()} ${msg('Accept')}
        </button>
      </div>`;
  }

  /** Escape closes a dialog; a call is only ever declined by saying so. */
  #handleKeydown(event: KeyboardEvent): void {
    if (event.key === 'Escape') event.preventDefault();
  }

  #ask(wish: DeskWish): void {
    this.dispatchEvent(new DeskRequestEvent(wish));
  }
}

/** A ring that empties towards a deadline. `left` and `whole` in ms. */
export function countdownRing(left: number, whole: number): TemplateResult {
  const share = whole > 0 ? Math.min(1, Math.max(0, left / whole)) : 0;
  const seconds = Math.max(0, Math.ceil(left / 1000));
  return html`<span class="countdown ${seconds <= 5 ? 'late' : ''}" aria-hidden="true">
    <svg viewBox="0 0 48 48" width="72" height="72">
      <circle class="track" cx="24" cy="24" r="21" />
      ${svg`<circle class="hand" cx="24" cy="24" r="21" pathLength="100"
        stroke-dasharray="100" stroke-dashoffset=${String(100 - share * 100)} />`}
    </svg>
    <span class="number">${seconds}</span>
  </span>`;
}
