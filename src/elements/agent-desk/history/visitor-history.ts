import { msg } from '@lit/localize';
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { DeskRecords } from '../../../call/agent-desk-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { PastCall } from '../../../protocol/views.ts';
import { ask } from '../../parts/events/requests.ts';
import { theme } from '../../parts/styles/theme.ts';
import { durationText } from '../../parts/texts/durations.ts';
import { dayText, timeText } from '../../parts/texts/time-texts.ts';
import { deskStyles } from '../desk-styles.ts';
import { labelText } from '../label-text.ts';

/** The earlier calls of a verified visitor, newest first. Nothing is shown for a visitor without any. */
export class VisitorHistory extends LitElement {
  static override styles = [
    theme,
    deskStyles,
    css`
      :host {
        display: block;
      }
      h3 {
        margin-bottom: 8px;
        color: var(--_quiet);
        font-size: 13px;
        line-height: 16px;
        font-weight: 600;
      }
      button {
        display: block;
        width: 100%;
        min-height: 44px;
        padding: 8px 0;
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
        text-align: start;
        cursor: pointer;
      }
      button:hover strong {
        text-decoration: underline;
      }
      li + li {
        border-top: 1px solid var(--_line);
      }
      strong {
        display: block;
        font-weight: 600;
      }
      .note {
        display: -webkit-box;
        overflow: hidden;
        overflow-wrap: anywhere;
        font-size: 14px;
        line-height: 20px;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 3;
      }
    `,
  ];

  /** The call that the agent has now. */
  @property() callId = '';
  @property({ attribute: false }) records: DeskRecords | null = null;
  @property({ type: Number }) clockOffset = 0;
  /** Shows the calls without opening them: for places in which a dialog would cover an offer. */
  @property({ type: Boolean, attribute: 'no-details' }) noDetails = false;

  @state() private calls: readonly PastCall[] = [];
  @state() private failed = false;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('callId') || changed.has('records')) void this.#load();
  }

  async #load(): Promise<void> {
    const { callId, records } = this;
    this.calls = [];
    this.failed = false;
    if (!records || !callId) return;
    try {
      const calls = await records.readHistory(callId);
      if (callId === this.callId) this.calls = calls;
    } catch (error) {
      console.warn('rtc-desk: the history could not be read', error);
      if (callId === this.callId) this.failed = true;
    }
  }

  protected override render() {
    if (this.failed) {
      return html`<p class="quiet-text" role="status">
        ${msg('The earlier calls could not be loaded.')}
      </p>`;
    }
    if (this.calls.length === 0) return nothing;
    return html`<h3 id="title">${msg('Earlier calls')}</h3>
      <ul aria-labelledby="title">
        ${this.calls.map(
          (call) =>
            html`<li>
              ${
                this.noDetails
                  ? this.#call(call)
                  : html`<button
                      type="button"
                      @click=${() => ask(this, 'past-call-request', { callId: call.id })}
                    >
                      ${this.#call(call)}
                    </button>`
              }
            </li>`,
        )}
      </ul>`;
  }

  #call({ requestedAt, agent, disposition, notes, seconds, skill }: PastCall) {
    const at = requestedAt - this.clockOffset;
    const facts = [skill?.name, agent, seconds > 0 ? durationText(seconds) : null];
    return html`<strong>
        ${disposition ? labelText(disposition.label) : msg('No disposition')}
      </strong>
      <span class="quiet-text">
        ${dayText(at)} ${timeText(at)} · ${facts.filter(Boolean).join(' · ')}
      </span>
      ${notes.map(({ text }) => html`<span class="note">${text}</span>`)}`;
  }
}
