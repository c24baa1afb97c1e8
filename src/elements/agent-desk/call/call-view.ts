import { shownName } from '../../parts/texts/names.ts';
import { msg, str } from '@lit/localize';
import { LitElement, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { AgentCallView, RoomControl } from '../../../call/agent-desk-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { clockText } from '../../parts/texts/time-texts.ts';
import { downIcon, videoIcon } from '../../parts/icons.ts';
import { theme } from '../../parts/styles/theme.ts';
import { DeskRequestEvent } from '../desk-requests.ts';
import { deskStyles } from '../desk-styles.ts';
import { callViewStyles } from './call-view-styles.ts';
import { TickController } from '../../parts/controllers/tick-controller.ts';

/** The room, with its conversation, beside the visitor's details. Fires `desk-request`. */
export class CallView extends LitElement {
  static override styles = [theme, buttonStyles, deskStyles, callViewStyles];

  @property({ attribute: false }) call!: AgentCallView;

  /** null in a tab that is not in charge. */
  @property({ attribute: false }) room: RoomControl | null = null;

  @property({ type: Boolean }) inCharge = true;

  @property({ type: Boolean }) online = true;

  /** The server's clock less this browser's, in ms. */
  @property({ type: Number }) clockOffset = 0;

  @state() private detailsOpen = false;

  constructor() {
    super();
    new LocaleController(this);
    new TickController(this);
  }

  protected override render() {
    const { call, detailsOpen } = this;
    return html`<div class="bar">
        <strong>${shownName(call.visitor.name)}</strong>
        <span class="quiet-text state number">${this.#state()}</span>
        ${
          call.ticket?.media.provider === 'trtc'
            ? html`<rtc-blur-toggle .room=${this.room}></rtc-blur-toggle>`
            : nothing
        }
        <button
          class="button quiet details-button"
          aria-expanded=${detailsOpen}
          aria-controls="details"
          @click=${() => (this.detailsOpen = !detailsOpen)}
        >
          ${msg('Details')} ${downIcon()}
        </button>
      </div>
      <div class="panes">
        <aside
          id="details"
          class=${detailsOpen ? '' : 'closed'}
          aria-label=${msg('Visitor')}
          tabindex="0"
        >
          <rtc-visitor-details
            .visitor=${call.visitor}
            .skill=${call.skill}
            .requestedAt=${call.requestedAt}
            .acceptedAt=${call.acceptedAt}
            .connectedAt=${call.connectedAt}
            .clockOffset=${this.clockOffset}
          ></rtc-visitor-details>
        </aside>
        <div class="room">${this.#room()}</div>
      </div>`;
  }

  #state(): string {
    const { call } = this;
    if (!call.visitorOnline) return msg('The visitor’s connection is interrupted');
    if (call.connectedAt === null) return msg('Connecting…');
    const seconds = (Date.now() + this.clockOffset - call.connectedAt) / 1000;
    return clockText(seconds);
  }

  #room() {
    if (this.room) return html`<call-room .session=${this.room}></call-room>`;
    if (this.inCharge) {
      return html`<div class="empty" role="status">
        ${videoIcon()}
        <p>${msg('Opening the room…')}</p>
        <button class="button late" ?disabled=${!this.online} @click=${this.#endCall}>
          ${msg('End call')}
        </button>
      </div>`;
    }
    const name = shownName(this.call.visitor.name);
    return html`<div class="empty">
      ${videoIcon()}
      <h2>${msg(str`You are talking to ${name} in another tab`)}</h2>
      <p class="quiet-text">${msg('You can bring the call here; it goes on without a break.')}</p>
      <button class="button primary" ?disabled=${!this.online} @click=${this.#takeCharge}>
        ${msg('Bring the call here')}
      </button>
    </div>`;
  }

  #endCall(): void {
    this.dispatchEvent(new DeskRequestEvent({ wish: 'end-call' }));
  }

  #takeCharge(): void {
    this.dispatchEvent(new DeskRequestEvent({ wish: 'take-charge' }));
  }
}
