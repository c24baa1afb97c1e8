import { msg, str } from '@lit/localize';
import { LitElement, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { AgentView, ChosenStatus, AgentStatus } from '../../../protocol/views.ts';
import { TickController } from '../../parts/controllers/tick-controller.ts';
import { ask } from '../../parts/events/requests.ts';
import { soundIcon } from '../../parts/icons.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { initials } from '../../parts/texts/names.ts';
import { clockText } from '../../parts/texts/durations.ts';
import { bellIcon } from '../desk-icons.ts';
import type { PasswordChangeState } from '../password/change-password.ts';
import { deskStyles } from '../desk-styles.ts';
import { deskHeaderStyles } from './desk-header-styles.ts';

/** The agent's name, the status that they chose, and their true status. */
export class DeskHeader extends LitElement {
  static override styles = [theme, buttonStyles, deskStyles, deskHeaderStyles];

  @property({ attribute: false }) view: AgentView | null = null;

  /** The server's clock less this browser's, in ms. */
  @property({ type: Number }) clockOffset = 0;

  @property({ type: Boolean }) online = true;

  /** The browser would not play the ring. */
  @property({ type: Boolean }) soundBlocked = false;

  /** The person has not decided yet whether the desk may notify them. */
  @property({ type: Boolean }) canNotify = false;

  /** The agent has a password here, and can change it. */
  @property({ type: Boolean }) byPassword = false;

  @property({ attribute: false }) passwordChange: PasswordChangeState = null;

  /** In the row of a call: the status and signing out alone. */
  @property({ type: Boolean, reflect: true }) compact = false;

  constructor() {
    super();
    new LocaleController(this);
    new TickController(this);
  }

  protected override render() {
    if (!this.view) return nothing;
    const { agent, tabs } = this.view;
    return html`<section class="bar" aria-label=${msg('Agent')}>
      <div class="who">
        <span class="avatar" aria-hidden="true">${initials(agent.name)}</span>
        <span>
          <strong>${agent.name}</strong>
          <span class="quiet-text">
            ${agent.site.name}${tabs > 1 ? ` · ${msg(str`${tabs} tabs`)}` : ''}
          </span>
        </span>
      </div>
      ${this.#status(this.view)}
      <div class="tools">
        ${
          this.soundBlocked
            ? html`<button class="button quiet" @click=${() => ask(this, 'sound-request')}>
                ${soundIcon()} ${msg('Turn on sound')}
              </button>`
            : nothing
        }
        ${
          this.canNotify
            ? html`<button
                class="icon-button notifications"
                aria-label=${msg('Turn on notifications')}
                title=${msg('Be notified of calls while this tab is hidden')}
                @click=${() => ask(this, 'notifications-request')}
              >
                ${bellIcon()}
              </button>`
            : nothing
        }
        ${
          this.byPassword
            ? html`<rtc-change-password .state=${this.passwordChange}></rtc-change-password>`
            : nothing
        }
        <rtc-sign-out .inCall=${this.compact}></rtc-sign-out>
      </div>
    </section>`;
  }

  /**
   * One thing at a time. While something rings, runs or is wrapped up, the field shows that, and its options say what
   * holds afterwards. The room has the clock of a call, and the wrap-up its own.
   */
  #status(view: AgentView) {
    const chosen = view.chosen;
    const isOccupied = OCCUPIED.includes(view.status);
    const hasClock = CLOCKED.includes(view.status);
    const since = Math.max(0, (Date.now() + this.clockOffset - view.statusSince) / 1000);
    return html`<div class="status">
      <label>
        <span class="visually-hidden">${msg('Status')}</span>
        <span class="dot ${this.online ? view.status : 'offline'}" aria-hidden="true"></span>
        <select @change=${this.#handleChange} ?disabled=${!this.online}>
          ${
            isOccupied || chosen === 'away'
              ? html`<option value="" selected disabled hidden>${statusText(view.status)}</option>`
              : nothing
          }
          ${this.#option(view, 'available', msg('Available'))}
          ${this.#option(view, 'break', msg('On break'))}
          ${this.#option(view, 'offline', msg('Offline'))}
        </select>
      </label>
      <p class="quiet-text number">
        ${this.#beside(view, isOccupied, hasClock ? clockText(since) : '')}
      </p>
    </div>`;
  }

  #beside({ chosen }: AgentView, isOccupied: boolean, clock: string): string {
    if (!this.online) return msg('Not connected');
    if (!isOccupied) return clock;
    if (chosen === 'break') return msg('then on break');
    return chosen === 'offline' ? msg('then offline') : '';
  }

  #option(view: AgentView, status: ChosenStatus, text: string) {
    const shown = shownStatus(view) === status;
    return html`<option value=${status} ?selected=${shown} .selected=${shown}>${text}</option>`;
  }

  #handleChange(event: Event & { currentTarget: HTMLSelectElement }): void {
    const status = event.currentTarget.value as ChosenStatus;
    ask(this, 'status-request', { status });
    // The field shows the server's answer: the new status comes with the next snapshot.
    if (this.view) event.currentTarget.value = shownStatus(this.view);
  }
}

/** Statuses that follow from a leg. */
const OCCUPIED: readonly AgentStatus[] = ['ringing', 'busy', 'wrap-up'];
/** Statuses whose time an agent wants to know. Somebody who is offline has no time that means something. */
const CLOCKED: readonly AgentStatus[] = ['available', 'break', 'away'];

/** The value of the option that the field shows; '' for a status that cannot be chosen. */
function shownStatus({ status, chosen }: AgentView): ChosenStatus | '' {
  return OCCUPIED.includes(status) || chosen === 'away' ? '' : chosen;
}

/** The true status in a word or two. */
export function statusText(status: AgentStatus): string {
  switch (status) {
    case 'available':
      return msg('Available');
    case 'ringing':
      return msg('Ringing');
    case 'busy':
      return msg('In a call');
    case 'wrap-up':
      return msg('Wrap-up');
    case 'break':
      return msg('On break');
    case 'away':
      return msg('Away');
    case 'offline':
      return msg('Offline');
  }
}
