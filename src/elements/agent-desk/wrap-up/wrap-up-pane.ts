import { msg, str } from '@lit/localize';
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { DeskRecords } from '../../../call/agent-desk-control.ts';
import type { RoomControl } from '../../../call/room-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { LegView, EndReason } from '../../../protocol/views.ts';
import { TickController } from '../../parts/controllers/tick-controller.ts';
import { ask } from '../../parts/events/requests.ts';
import { checkIcon } from '../../parts/icons.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { shownName, isNameless } from '../../parts/texts/names.ts';
import { clockText, durationText } from '../../parts/texts/durations.ts';
import { deskStyles } from '../desk-styles.ts';
import type { WrapUpForm } from './wrap-up-form.ts';

/** Less than this is no more time: the two times differ by milliseconds at the longest wrap-up. */
const MIN_EXTENSION_MS = 1_000;

/** The wrap-up of a call: how it ended, what the agent writes down, the visitor, the conversation. */
export class WrapUpPane extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    deskStyles,
    css`
      :host {
        display: flex;
        flex: 1;
        flex-direction: column;
        gap: 16px;
        min-height: 0;
        padding: 16px;
        overflow: auto;
      }
      .summary {
        flex-direction: row;
        flex-wrap: wrap;
        align-items: center;
        gap: 16px 24px;
        padding: 16px;
      }
      .text {
        flex: 1 1 240px;
        min-width: 0;
      }
      .text h2 {
        font-size: 20px;
        line-height: 28px;
        overflow-wrap: anywhere;
      }
      .back {
        display: grid;
        flex: 0 1 264px;
        gap: 8px;
      }
      .back .button {
        min-height: 48px;
      }
      progress {
        width: 100%;
        height: 6px;
        border: 0;
        border-radius: 3px;
        overflow: hidden;
        appearance: none;
        background: var(--_sunken);
      }
      progress::-webkit-progress-bar {
        background: var(--_sunken);
      }
      progress::-webkit-progress-value {
        background: var(--_accent);
      }
      progress::-moz-progress-bar {
        background: var(--_accent);
      }
      .panes {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr));
        flex: 1;
        gap: 16px;
        place-content: start stretch;
        align-items: start;
      }
      .panes > :only-child {
        grid-column: 1 / -1;
      }
      rtc-past-conversation,
      rtc-visitor-history {
        padding: 0 16px 16px;
      }
      .time {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 4px 8px;
      }
      .time .button {
        min-height: 44px;
      }
      @container (width < 800px) {
        .panes {
          grid-template-columns: minmax(0, 1fr);
        }
        .back {
          flex: 1 1 100%;
        }
      }
    `,
  ];

  /** The leg that this agent has left. */
  @property({ attribute: false }) leg!: LegView;

  /** The room that the agent has left. Its conversation can still be read. */
  @property({ attribute: false }) room: RoomControl | null = null;

  /** The server's clock less this browser's, in ms. */
  @property({ type: Number }) clockOffset = 0;

  /** The wrap-up cannot be finished now: the request is under way, or there is no connection. */
  @property({ type: Boolean }) busy = false;

  @property({ attribute: false }) records: DeskRecords | null = null;

  /** The agent wanted to finish without the required disposition. */
  @state() private missing = false;

  constructor() {
    super();
    new LocaleController(this);
    new TickController(this);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('leg') && changed.get('leg')?.id !== this.leg.id) this.missing = false;
  }

  protected override render() {
    const { call, offeredAt, acceptedAt, wrapUpUntil, wrapUp } = this.leg;
    const { visitor, skill, ended, connectedAt } = call;
    const began = ended?.at ?? acceptedAt ?? offeredAt;
    const until = wrapUpUntil ?? began;
    const left = Math.max(0, until - Date.now() - this.clockOffset);
    const name = shownName(visitor.name);
    return html`<section class="card summary" aria-label=${msg('Wrap-up')}>
        <div class="text">
          <h2>
            ${isNameless(visitor.name) ? msg('The call has ended') : msg(str`Call with ${name} ended`)}
          </h2>
          <p class="quiet-text">
            ${ended ? endTextForAgent(ended.reason) : msg('You left the call.')}
            ${connectedAt === null ? msg('The call did not connect.') : nothing}
            ${
              ended && ended.seconds > 0
                ? msg(str`You talked for ${durationText(ended.seconds)}.`)
                : nothing
            }
          </p>
        </div>
        <div class="back">
          <button class="button primary" ?disabled=${this.busy} @click=${this.#finish}>
            ${checkIcon()} ${msg('Finish wrap-up')}
          </button>
          <progress
            aria-label=${msg('Time left for the wrap-up')}
            max=${Math.max(1, until - began)}
            .value=${left}
          ></progress>
          <p class="quiet-text number time">
            ${msg(str`Ends automatically in ${clockText(Math.ceil(left / 1000))}`)}
            ${
              wrapUp && wrapUp.maxUntil - until > MIN_EXTENSION_MS
                ? html`<button
                    class="button quiet"
                    ?disabled=${this.busy}
                    @click=${() => ask(this, 'extend-wrap-up-request')}
                  >
                    ${msg('More time')}
                  </button>`
                : nothing
            }
          </p>
        </div>
      </section>
      <div class="panes">
        ${
          wrapUp
            ? html`<section class="card" aria-label=${msg('Outcome')}>
                <rtc-wrap-up-form
                  .callId=${call.id}
                  .wrapUp=${wrapUp}
                  .records=${this.records}
                  .missing=${this.missing}
                ></rtc-wrap-up-form>
              </section>`
            : nothing
        }
        <section class="card" aria-label=${msg('Visitor')}>
          <rtc-visitor-details
            .visitor=${visitor}
            .skill=${skill}
            .clockOffset=${this.clockOffset}
          ></rtc-visitor-details>
          ${
            visitor.verified
              ? html`<rtc-visitor-history
                  .callId=${call.id}
                  .records=${this.records}
                  .clockOffset=${this.clockOffset}
                ></rtc-visitor-history>`
              : nothing
          }
        </section>
        ${
          this.room
            ? html`<section class="card">
                <div class="card-head"><h2>${msg('Conversation')}</h2></div>
                <rtc-past-conversation .room=${this.room}></rtc-past-conversation>
              </section>`
            : nothing
        }
      </div>`;
  }

  /** To the outcome; without one to the button that finishes. */
  override focus(): void {
    const form = this.renderRoot.querySelector<WrapUpForm>('rtc-wrap-up-form');
    if (form) form.focus();
    else this.renderRoot.querySelector('button')?.focus();
  }

  #finish(): void {
    const { wrapUp } = this.leg;
    this.missing = wrapUp !== null && wrapUp.dispositionRequired && wrapUp.disposition === null;
    if (this.missing) {
      this.renderRoot.querySelector<WrapUpForm>('rtc-wrap-up-form')?.focus();
      return;
    }
    ask(this, 'finish-wrap-up-request');
  }
}

/** Why a call ended, for the agent. */
export function endTextForAgent(reason: EndReason): string {
  switch (reason) {
    case 'cancelled':
      return msg('The visitor cancelled.');
    case 'abandoned':
      return msg('The visitor went away while waiting.');
    case 'visitor-ended':
      return msg('The visitor left the call.');
    case 'agent-ended':
      return msg('You ended the call.');
    case 'visitor-gone':
      return msg('The visitor’s connection was lost.');
    case 'agent-gone':
      return msg('Your connection was lost for too long.');
    case 'media-failed':
      return msg('Sound and video could not be connected.');
    case 'recording-refused':
      return msg('The visitor did not want to be recorded.');
    case 'recording-failed':
      return msg('The call could not be recorded.');
    case 'no-answer':
      return msg('The visitor did not answer.');
    // Such a call never comes to an agent.
    case 'flow-ended':
    case 'consent-refused':
    case 'message-left':
    case 'callback-requested':
      return '';
  }
}
