import { msg } from '@lit/localize';
import { LitElement, css, html } from 'lit';
import { property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { PastCallView, TodayView } from '../../../protocol/views.ts';
import { ask } from '../../parts/events/requests.ts';
import { theme } from '../../parts/styles/theme.ts';
import { shownName } from '../../parts/texts/names.ts';
import { clockText } from '../../parts/texts/durations.ts';
import { timeText } from '../../parts/texts/time-texts.ts';
import { phoneIcon } from '../desk-icons.ts';
import { deskStyles } from '../desk-styles.ts';
import { labelText } from '../label-text.ts';

/** The agent's day: figures, and each call. */
export class TodayList extends LitElement {
  static override styles = [
    theme,
    deskStyles,
    css`
      :host,
      .card {
        height: 100%;
      }
      :host {
        display: block;
      }
      .numbers {
        display: grid;
        grid-template-columns: repeat(4, minmax(0, 1fr));
        gap: 8px;
        padding: 8px 16px 16px;
      }
      .numbers div {
        display: flex;
        flex-direction: column-reverse;
        justify-content: flex-end;
      }
      .numbers dd {
        font-size: 24px;
        line-height: 32px;
        font-weight: 650;
        letter-spacing: -0.02em;
      }
      .numbers dt {
        color: var(--_quiet);
        font-size: 13px;
        line-height: 16px;
      }
      ul {
        padding: 0 16px 8px;
        border-top: 1px solid var(--_line);
      }
      .row {
        display: grid;
        grid-template-columns: 68px minmax(0, 1fr) auto;
        align-items: center;
        gap: 0 12px;
        box-sizing: border-box;
        width: 100%;
        padding: 8px 0;
      }
      button.row {
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
        text-align: start;
        cursor: pointer;
      }
      button.row:hover .name {
        text-decoration: underline;
      }
      li + li {
        border-top: 1px solid var(--_line);
      }
      .name {
        font-weight: 550;
        overflow-wrap: anywhere;
      }
      .chip.talked {
        background: var(--_ok-soft);
        color: var(--_ok);
      }
      .chip.missed {
        background: var(--_danger-soft);
        color: var(--_danger);
      }
    `,
  ];

  @property({ attribute: false }) today!: TodayView;

  /** The server's clock less this browser's, in ms. */
  @property({ type: Number }) clockOffset = 0;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override render() {
    const { talked, missed, talkSeconds, handlingSeconds, calls } = this.today;
    return html`<section class="card" aria-labelledby="title">
      <div class="card-head"><h2 id="title">${msg('Today')}</h2></div>
      <dl class="numbers">
        ${number(msg('Calls'), String(talked))} ${number(msg('Missed'), String(missed))}
        ${number(msg('Talk time'), talked > 0 ? clockText(talkSeconds) : '–')}
        ${number(msg('Average handling'), talked > 0 ? clockText(handlingSeconds) : '–')}
      </dl>
      ${
        calls.length === 0
          ? html`<div class="empty">
              ${phoneIcon()}
              <p><strong>${msg('No calls yet today.')}</strong></p>
              <p class="quiet-text">${msg('Each call that you take or miss appears here.')}</p>
            </div>`
          : html`<ul>
              ${repeat(
                calls,
                (call) => `${call.id} ${call.at}`,
                (call) => this.#call(call),
              )}
            </ul>`
      }
    </section>`;
  }

  #call(call: PastCallView) {
    const { id, visitorName, skill, at, outcome, reason, seconds, disposition } = call;
    const row = html`<span class="quiet-text number">${timeText(at - this.clockOffset)}</span>
      <span>
        <span class="name">${shownName(visitorName)}</span><br />
        <span class="quiet-text">
          ${skill.name}${disposition ? ` · ${labelText(disposition)}` : ''}
        </span>
      </span>
      <span class="chip number ${outcome}">${outcomeText(outcome, reason, seconds)}</span>`;
    // Only a call that the agent was in, and that is over, can be read.
    return outcome === 'talked' && reason !== null
      ? html`<li>
          <button
            type="button"
            class="row"
            @click=${() => ask(this, 'past-call-request', { callId: id })}
          >
            ${row}
          </button>
        </li>`
      : html`<li class="row">${row}</li>`;
  }
}

const number = (name: string, value: string) =>
  html`<div>
    <dt>${name}</dt>
    <dd class="number">${value}</dd>
  </div>`;

function outcomeText(
  outcome: PastCallView['outcome'],
  reason: PastCallView['reason'],
  seconds: number,
): string {
  switch (outcome) {
    case 'talked':
      return clockText(seconds);
    case 'missed':
      return msg('Missed');
    case 'declined':
      return msg('Declined');
    case 'withdrawn':
      return withdrawnText(reason);
  }
}

/** The offer was neither accepted nor declined, or the call never connected: what happened to it then. */
function withdrawnText(reason: PastCallView['reason']): string {
  switch (reason) {
    case null:
      return msg('Back in the queue');
    case 'cancelled':
      return msg('Visitor cancelled');
    case 'abandoned':
      return msg('Visitor left');
    default:
      // It ended here before it connected, or with another agent.
      return msg('Did not connect');
  }
}
