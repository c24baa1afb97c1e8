import { msg, str } from '@lit/localize';
import { LitElement, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { DeskRecords } from '../../../call/agent-desk-control.ts';
import type { RoomControl } from '../../../call/room-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { AgentView, LegView, Ticket } from '../../../protocol/views.ts';
import { StoreController } from '../../parts/controllers/store-controller.ts';
import { TickController } from '../../parts/controllers/tick-controller.ts';
import { ask } from '../../parts/events/requests.ts';
import { clockIcon, downIcon, videoIcon } from '../../parts/icons.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { shownName } from '../../parts/texts/names.ts';
import { clockText } from '../../parts/texts/durations.ts';
import type { CallRoom } from '../../call-room/call-room.ts';
import { deskStyles } from '../desk-styles.ts';
import { callViewStyles } from './call-view-styles.ts';

/**
 * From this width of the desk on, in CSS pixels, the conversation is open beside the picture from the start.
 * A narrower desk opens it at the first new message.
 */
const CHAT_BESIDE_WIDTH = 1200;

/**
 * A call: the room with its conversation, beside the visitor's details.
 *
 * @slot header - The agent's status and tools, in the row of the visitor's name.
 * @slot notices - Below that row.
 */
export class CallView extends LitElement {
  static override styles = [theme, buttonStyles, deskStyles, callViewStyles];

  @property({ attribute: false }) leg!: LegView;

  /** null in a tab that is not the active one. */
  @property({ attribute: false }) room: RoomControl | null = null;

  @property({ type: Boolean }) activeTab = true;

  @property({ type: Boolean }) online = true;

  /** The server's clock less this browser's, in ms. */
  @property({ type: Number }) clockOffset = 0;

  /** How many visitors wait in the agent's groups. */
  @property({ type: Number }) waiting = 0;
  @property({ attribute: false }) agent: AgentView['agent'] | null = null;
  @property({ attribute: false }) records: DeskRecords | null = null;

  @state() private detailsOpen = false;

  readonly #store = new StoreController(this, () => this.room);
  /** The room whose conversation was opened. It opens by itself once: the agent may have closed it. */
  #openedFor: RoomControl | null = null;

  constructor() {
    super();
    new LocaleController(this);
    new TickController(this);
  }

  protected override render() {
    const { leg, detailsOpen } = this;
    const { call } = leg;
    return html`<div class="bar">
        <strong>${shownName(call.visitor.name)}</strong>
        <span class="quiet-text state number">${this.#state()}</span>
        ${
          call.recording
            ? html`<rtc-recording-mark
                side="agent"
                .state=${call.recording.state}
              ></rtc-recording-mark>`
            : nothing
        }
        <span class="chip number waiting">
          ${clockIcon()}
          <span class="full"
            >${this.waiting === 1 ? msg('1 waiting') : msg(str`${this.waiting} waiting`)}</span
          >
          <span class="short" aria-hidden="true">${this.waiting}</span>
        </span>
        ${
          callTicket(leg)?.media.provider === 'trtc'
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
        <slot name="header"></slot>
      </div>
      <slot name="notices"></slot>
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
            .callback=${call.callback}
            .deviceReport=${call.deviceReport}
            .requestedAt=${call.requestedAt}
            .acceptedAt=${leg.acceptedAt}
            .connectedAt=${call.connectedAt}
            .clockOffset=${this.clockOffset}
          ></rtc-visitor-details>
          ${
            call.visitor.verified
              ? html`<rtc-visitor-history
                  .callId=${call.id}
                  .records=${this.records}
                  .clockOffset=${this.clockOffset}
                ></rtc-visitor-history>`
              : nothing
          }
        </aside>
        <div class="room" tabindex="-1">
          ${this.#room()}
          ${
            this.room && this.agent
              ? html`<rtc-reply-picker
                  .records=${this.records}
                  .room=${this.room}
                  .call=${call}
                  .agent=${this.agent}
                ></rtc-reply-picker>`
              : nothing
          }
        </div>
      </div>`;
  }

  protected override updated(): void {
    this.#showPictureTools();
    this.#showRecordingControls();
    const { room } = this;
    if (!room || room === this.#openedFor) return;
    if (this.clientWidth < CHAT_BESIDE_WIDTH && !this.#store.snapshot?.chat.unread) return;
    const callRoom = this.#callRoom;
    if (!callRoom) return;
    this.#openedFor = room;
    callRoom.chatOpen = true;
  }

  /** Code that could not be loaded is loaded again after the next update. */
  #showPictureTools(): void {
    const snapshot = this.#store.snapshot;
    const callRoom = this.#callRoom;
    const seen = snapshot?.people.some(({ self, camera, screen }) => !self && (camera || screen));
    if (!callRoom || snapshot?.state !== 'joined' || !seen) return;
    import('../picture-tools/show-picture-toolbar.ts')
      .then(({ showPictureToolbar }) => showPictureToolbar(callRoom))
      .catch((error: unknown) => console.warn('rtc-desk', error));
  }

  /** Code that could not be loaded is loaded again after the next update. */
  #showRecordingControls(): void {
    const { call } = this.leg;
    const callRoom = this.#callRoom;
    if (!callRoom || !(call.mayRecord || call.recording)) return;
    import('../recording/show-recording-controls.ts')
      .then(async ({ showRecordingControls }) => {
        await callRoom.updateComplete;
        showRecordingControls(callRoom, this.leg.call);
      })
      .catch((error: unknown) => console.warn('rtc-desk', error));
  }

  /** To the first control of the call; to the picture's frame while there are no controls yet. */
  override focus(): void {
    const frame = this.shadowRoot?.querySelector<HTMLElement>('.room');
    const bar = this.#callRoom?.shadowRoot?.querySelector('rtc-call-controls');
    if (bar) bar.focusControl('microphone');
    else frame?.focus();
  }

  /** A key that was pressed elsewhere in the desk. */
  handleShortcut(event: KeyboardEvent): void {
    this.#callRoom?.handleShortcut(event);
  }

  get #callRoom(): CallRoom | null {
    // Before the first update there is no tree to look in.
    return this.shadowRoot?.querySelector('call-room') ?? null;
  }

  #state(): string {
    const { call } = this.leg;
    if (call.callback && call.connectedAt === null) return msg('Inviting the visitor…');
    if (call.visitorLeftUntil !== undefined) return this.#leftText(call.visitorLeftUntil);
    if (!call.visitorOnline) return msg('The visitor’s connection is interrupted');
    if (call.visitorHidden) return msg('The visitor is being called back to the page');
    if (call.connectedAt === null) return msg('Connecting…');
    const seconds = (Date.now() + this.clockOffset - call.connectedAt) / 1000;
    return clockText(seconds);
  }

  /** The agent can wait, or end the call at once. */
  #leftText(until: number): string {
    const seconds = Math.ceil((until - Date.now() - this.clockOffset) / 1000);
    return msg(str`The visitor left, and can come back for ${clockText(seconds)}`);
  }

  #room() {
    if (this.room) return html`<call-room .session=${this.room}></call-room>`;
    if (this.activeTab) {
      return html`<div class="empty" role="status">
        ${videoIcon()}
        <p>${msg('Opening the room…')}</p>
        <button class="button late" ?disabled=${!this.online} @click=${this.#endCall}>
          ${msg('End call')}
        </button>
      </div>`;
    }
    const name = shownName(this.leg.call.visitor.name);
    return html`<div class="empty">
      ${videoIcon()}
      <h2>${msg(str`You are talking to ${name} in another tab`)}</h2>
      <p class="quiet-text">${msg('You can bring the call here; it goes on without a break.')}</p>
      <button class="button primary" ?disabled=${!this.online} @click=${this.#activateTab}>
        ${msg('Bring the call here')}
      </button>
    </div>`;
  }

  #endCall(): void {
    ask(this, 'end-call-request');
  }

  #activateTab(): void {
    ask(this, 'activate-tab-request');
  }
}

/** The ticket of the room that the visitor is in; null in a tab that is not the active one. */
const callTicket = ({ rooms }: LegView): Ticket | null =>
  rooms.find(({ kind }) => kind === 'call')?.ticket ?? null;
