import { msg, str } from '@lit/localize';
import { LitElement, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { AgentView, ChosenStatus, AgentStatus } from '../../../call/agent-desk-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { clockText } from '../../parts/texts/time-texts.ts';
import { soundIcon } from '../../parts/icons.ts';
import { initials } from '../../parts/texts/names.ts';
import { theme } from '../../parts/styles/theme.ts';
import { bellIcon, signOutIcon } from '../desk-icons.ts';
import { DeskRequestEvent, type DeskWish } from '../desk-requests.ts';
import { deskHeaderStyles } from './desk-header-styles.ts';
import { deskStyles } from '../desk-styles.ts';
import { TickController } from '../../parts/controllers/tick-controller.ts';

/** Who is at the desk, what they chose, and what is true. Fires `desk-request`. */
export class DeskHeader extends LitElement {
  static override styles = [theme, buttonStyles, deskStyles, deskHeaderStyles];

  @property({ attribute: false }) view: AgentView | null = null;

  /** The server's clock less this browser's, in ms. */
  @property({ type: Number }) clockOffset = 0;

  @property({ type: Boolean }) online = true;

  /** The browser would keep a ring silent. */
  @property({ type: Boolean }) soundBlocked = false;

  /** The browser has not been asked whether it may notify. */
  @property({ type: Boolean }) canNotify = false;

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
            ? html`<button
                class="button quiet"
                @click=${() => this.#ask({ wish: 'turn-on-sound' })}
              >
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
                @click=${() => this.#ask({ wish: 'allow-notifications' })}
              >
                ${bellIcon()}
              </button>`
            : nothing
        }
        <button
          class="icon-button"
          aria-label=${msg('Sign out')}
          title=${msg('Sign out')}
          @click=${() => this.#ask({ wish: 'sign-out' })}
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
    this.#ask({ wish: 'set-status', status });
    // What is shown is what the server said; the wish comes back with its next snapshot.
    const shown = this.view && chosenOption(this.view);
    if (shown) event.currentTarget.value = shown;
  }

  #ask(wish: DeskWish): void {
    this.dispatchEvent(new DeskRequestEvent(wish));
  }
}

/** In the middle of a call an agent may have chosen what comes after it. */
function chosenOption(view: AgentView): ChosenStatus | 'away' {
  if (view.chosen) return view.chosen;
  const { status } = view;
  return status === 'ringing' || status === 'busy' || status === 'wrap-up' ? 'available' : status;
}

/** The true status, in a word or two. */
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
