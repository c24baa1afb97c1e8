import { msg, str } from '@lit/localize';
import { LitElement, html, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { property, query } from 'lit/decorators.js';
import type { DeskRecords } from '../../../call/agent-desk-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { LegView } from '../../../protocol/views.ts';
import { TickController } from '../../parts/controllers/tick-controller.ts';
import { ask } from '../../parts/events/requests.ts';
import { clockIcon, soundIcon } from '../../parts/icons.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { shownName } from '../../parts/texts/names.ts';
import { clockText } from '../../parts/texts/durations.ts';
import { phoneIcon } from '../desk-icons.ts';
import { deskStyles } from '../desk-styles.ts';
import { deviceReportView } from '../visitor/device-report.ts';
import { languageText, nameChip } from '../visitor/visitor-texts.ts';
import { incomingCallStyles } from './incoming-call-styles.ts';
import { offerReasonText } from './offer-reason-text.ts';

/**
 * A call that rings. The focus goes to the dialog and not to a button, so that somebody who is typing
 * neither accepts nor declines by the next key.
 */
export class IncomingCall extends LitElement {
  static override styles = [theme, buttonStyles, deskStyles, incomingCallStyles];

  /** The leg that is offered. */
  @property({ attribute: false }) leg: LegView | null = null;

  /** The server's clock less this browser's, in ms. */
  @property({ type: Number }) clockOffset = 0;

  /** The agent has answered, and the server has not. */
  @property({ type: Boolean }) busy = false;

  /** The browser does not play the ring. */
  @property({ type: Boolean }) soundBlocked = false;

  @property({ attribute: false }) records: DeskRecords | null = null;

  @query('dialog') private readonly dialog!: HTMLDialogElement;

  constructor() {
    super();
    new LocaleController(this);
    new TickController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // A dialog that is moved in the document leaves the top layer.
    if (this.hasUpdated) this.#place();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('leg')) this.#place();
  }

  #place(): void {
    const { dialog, leg } = this;
    if (dialog.open && (!leg || !dialog.matches(':modal'))) dialog.close();
    if (!leg || dialog.open) return;
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
      ${this.leg ? this.#content(this.leg) : html`<h2 id="title">${msg('Incoming call')}</h2>`}
    </dialog>`;
  }

  #content({ call, reason, offeredAt, deadline }: LegView) {
    const now = Date.now() + this.clockOffset;
    const end = deadline ?? offeredAt;
    const { visitor, skill, callback, deviceReport } = call;
    const waited = clockText((now - call.requestedAt) / 1000);
    return html`<div class="top">
        <div id="about">
          <h2 id="title"><span class="pulse" aria-hidden="true"></span>${msg('Incoming call')}</h2>
          <p class="name">${shownName(visitor.name)}</p>
          ${nameChip(visitor)}
        </div>
        ${countdownRing(end - now, end - offeredAt)}
      </div>
      <div class="facts" tabindex="0" role="group" aria-label=${msg('About the call')}>
        <div class="chips">
          <span class="chip">${skill.name}</span>
          <span class="chip number"
            >${clockIcon()}
            ${
              callback
                ? msg(str`Callback, attempt ${callback.attempt} of 3`)
                : msg(str`Waiting for ${waited}`)
            }</span
          >
          ${
            visitor.language
              ? html`<span class="chip">${languageText(visitor.language)}</span>`
              : nothing
          }
        </div>
        ${
          Object.keys(visitor.params).length > 0
            ? html`<div class="params">
                <rtc-params-list
                  .params=${visitor.params}
                  .words=${visitor.paramWords}
                ></rtc-params-list>
              </div>`
            : nothing
        }
        ${
          visitor.page
            ? html`<p class="quiet-text page">${msg('From the page')} ${visitor.page}</p>`
            : nothing
        }
        ${
          visitor.verified
            ? html`<rtc-visitor-history
                no-details
                .callId=${call.id}
                .records=${this.records}
                .clockOffset=${this.clockOffset}
              ></rtc-visitor-history>`
            : nothing
        }
        ${
          callback
            ? html`<p>${msg('The visitor is invited once you are in the room.')}</p>
                <p class="quiet-text">${callback.contact} ${callback.text}</p>`
            : nothing
        }
        ${
          deviceReport
            ? html`<p class="quiet-text">${msg('Device test')}</p>
                ${deviceReportView(deviceReport)}`
            : nothing
        }
        <p class="quiet-text">${offerReasonText(reason)}</p>
        ${
          this.soundBlocked
            ? html`<button class="button sound" @click=${() => ask(this, 'sound-request')}>
                ${soundIcon()} ${msg('Turn on sound')}
              </button>`
            : nothing
        }
      </div>
      <div class="actions">
        <button class="button" ?disabled=${this.busy} @click=${() => ask(this, 'decline-request')}>
          ${msg('Decline')}
        </button>
        <button
          class="button accept"
          ?disabled=${this.busy}
          @click=${() => ask(this, 'accept-request')}
        >
          ${phoneIcon()} ${msg('Accept')}
        </button>
      </div>`;
  }

  /** Escape would close the dialog. Only the button declines a call. */
  #handleKeydown(event: KeyboardEvent): void {
    if (event.key === 'Escape') event.preventDefault();
  }
}

/** A ring that empties until the deadline. `left` and `whole` in ms. */
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
