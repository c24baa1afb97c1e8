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
import { bellIcon, signOutIcon } from '../desk-icons.ts';
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
                class="icon-button"
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
        <button
          class="icon-button"
          aria-label=${msg('Sign out')}
          title=${msg('Sign out')}
          @click=${() => ask(this, 'sign-out-request')}
        >
          ${signOutIcon()}
        </button>
      </div>
    </section>`;
  }

  #status(view: AgentView) {
    const since = Math.max(0, (Date.now() + this.clockOffset - view.statusSince) / 1000);
    const chosen = chosenOption(view);
    return html`<div class="status">
      <label>
        <span class="visually-hidden">${msg('Status')}</span>
        <span class="dot ${this.online ? chosen : 'offline'}" aria-hidden="true"></span>
        <select @change=${this.#handleChange} ?disabled=${!this.online}>
          ${
            chosen === 'away'
              ? html`<option value="away" selected disabled hidden>${msg('Away')}</option>`
              : nothing
          }
          ${this.#option(view, 'available', msg('Available'))}
          ${this.#option(view, 'break', msg('On break'))}
          ${this.#option(view, 'offline', msg('Offline'))}
        </select>
      </label>
      <p class="quiet-text">
        ${
          this.online
            ? html`<span class=${chosen === view.status ? 'visually-hidden' : 'true'}
                  >${statusText(view.status)}</span
                >
                <span class="number">${clockText(since)}</span>`
            : msg('Not connected')
        }
      </p>
    </div>`;
  }

  #option(view: AgentView, status: ChosenStatus, text: string) {
    const chosen = chosenOption(view) === status;
    return html`<option value=${status} ?selected=${chosen} .selected=${chosen}>${text}</option>`;
  }

  #handleChange(event: Event & { currentTarget: HTMLSelectElement }): void {
    const status = event.currentTarget.value as ChosenStatus;
    ask(this, 'status-request', { status });
    // The field shows the server's answer: the new status comes with the next snapshot.
    const shown = this.view && chosenOption(this.view);
    if (shown) event.currentTarget.value = shown;
  }
}

/** The chosen status. During a call it is what holds after the call. */
function chosenOption(view: AgentView): ChosenStatus | 'away' {
  return view.chosen;
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
