import { msg, str } from '@lit/localize';
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { AgentView } from '../../../call/agent-desk-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { infoIcon, warningIcon } from '../../parts/icons.ts';
import { theme } from '../../parts/styles/theme.ts';
import { DeskRequestEvent, type DeskWish } from '../desk-requests.ts';
import { deskStyles } from '../desk-styles.ts';

/** What an agent must know before all else: no connection, away, in use elsewhere. Fires `desk-request`. */
export class DeskNotices extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    deskStyles,
    css`
      :host {
        display: block;
      }
      .notice {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 12px;
        padding: 8px 16px;
        border-bottom: 1px solid var(--_line);
        font-size: 15px;
        line-height: 20px;
      }
      .notice > svg {
        flex: none;
        width: 20px;
        height: 20px;
      }
      .notice p {
        flex: 1 1 200px;
        min-width: 0;
      }
      .warn {
        background: var(--_warn-soft);
      }
      .warn > svg {
        color: var(--_warn);
      }
      .info {
        background: var(--_accent-soft);
      }
      .info > svg {
        color: var(--_accent);
      }
      .button {
        min-height: 44px;
      }
    `,
  ];

  @property({ attribute: false }) view: AgentView | null = null;
  @property({ type: Boolean }) online = true;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override render() {
    return html`<div role="status">${this.#offline()} ${this.#away()} ${this.#otherTab()}</div>`;
  }

  #offline() {
    if (this.online) return nothing;
    const inCall = Boolean(this.view?.call);
    return notice(
      'warn',
      inCall
        ? msg('The connection to the desk is lost. The call goes on while we reconnect.')
        : msg('The connection to the desk is lost. Reconnecting; no calls ring here until then.'),
    );
  }

  #away() {
    if (!this.online || this.view?.status !== 'away') return nothing;
    const { missedInRow } = this.view;
    return notice(
      'warn',
      missedInRow > 0
        ? msg(str`You missed ${missedInRow} calls in a row, so calls go to others for now.`)
        : msg('You are away, so calls go to others for now.'),
      this.#button(msg('Become available'), { wish: 'set-status', status: 'available' }),
    );
  }

  #otherTab() {
    if (!this.online || !this.view || this.view.inCharge) return nothing;
    return notice(
      'info',
      msg('This desk is in use in another tab. Calls ring there.'),
      this.#button(msg('Use this tab'), { wish: 'take-charge' }),
    );
  }

  #button(text: string, wish: DeskWish) {
    return html`<button
      class="button"
      @click=${() => this.dispatchEvent(new DeskRequestEvent(wish))}
    >
      ${text}
    </button>`;
  }
}

function notice(
  kind: 'warn' | 'info',
  text: string,
  button: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  return html`<div class="notice ${kind}">
    ${kind === 'warn' ? warningIcon() : infoIcon()}
    <p>${text}</p>
    ${button}
  </div>`;
}
