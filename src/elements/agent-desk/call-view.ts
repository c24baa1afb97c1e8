import { msg, str } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { AgentCallView, RoomControl } from '../../call/agent-desk-control.ts';
import { LocaleController } from '../../locales/locale-controller.ts';
import { buttonStyles } from '../parts/button-styles.ts';
import { clockText } from '../parts/duration.ts';
import { downIcon, videoIcon } from '../parts/icons.ts';
import { theme } from '../parts/theme.ts';
import { DeskRequestEvent } from './desk-request-event.ts';
import { deskStyles } from './desk-styles.ts';
import { TickController } from '../parts/tick-controller.ts';
import { visitorName } from './visitor-name.ts';

/** The room, with its conversation, beside the visitor's details. Fires `desk-request`. */
export class CallView extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    deskStyles,
    css`
      :host {
        display: flex;
        flex: 1;
        flex-direction: column;
        min-height: 0;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        padding: 4px 16px;
        border-bottom: 1px solid var(--_line);
        background: var(--_raised);
      }
      .bar strong {
        flex: none;
        max-width: 45%;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        font-weight: 650;
      }
      .bar .state {
        flex: 1;
        min-width: 0;
      }
      .bar svg {
        width: 18px;
        height: 18px;
        transition: transform 0.15s;
      }
      [aria-expanded='true'] svg {
        transform: rotate(180deg);
      }
      .panes {
        display: flex;
        flex: 1;
        min-height: 0;
      }
      .room {
        position: relative;
        display: grid;
        flex: 1;
        min-width: 0;
        min-height: 0;
      }
      call-room {
        min-height: 0;
        height: 100%;
      }
      aside {
        flex: none;
        width: clamp(264px, 26%, 360px);
        overflow: auto;
        border-inline-end: 1px solid var(--_line);
        background: var(--_raised);
      }
      /* A room opens in a moment; where it does not, nobody is to be kept in the call. */
      .late {
        animation: late 0s 5s backwards;
      }
      @keyframes late {
        from {
          visibility: hidden;
        }
      }
      .details-button {
        display: none;
      }
      @container (width < 800px) {
        .panes {
          position: relative;
        }
        .details-button {
          display: inline-flex;
        }
        aside {
          position: absolute;
          inset: 0 0 auto;
          z-index: 2;
          width: auto;
          max-height: 70%;
          border: 0;
          border-bottom: 1px solid var(--_line);
          box-shadow: var(--_shadow);
        }
        aside.closed {
          display: none;
        }
      }
    `,
  ];

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
        <strong>${visitorName(call.visitor)}</strong>
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
    const name = visitorName(this.call.visitor);
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
