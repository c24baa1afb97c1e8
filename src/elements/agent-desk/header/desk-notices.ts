import { msg, str } from '@lit/localize';
import { LitElement, css, html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { activeLeg, offeredLeg } from '../../../call/own-legs.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { AgentView } from '../../../protocol/views.ts';
import { ask } from '../../parts/events/requests.ts';
import { infoIcon, warningIcon } from '../../parts/icons.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { shownName } from '../../parts/texts/names.ts';
import { deskStyles } from '../desk-styles.ts';

/** Notices above everything else: no connection, away, in use in another tab. */
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
    const inCall = this.view !== null && activeLeg(this.view) !== null;
    return notice(
      'warn',
      inCall
        ? msg('The connection to the desk is lost. The call goes on while we reconnect.')
        : msg('The connection to the desk is lost. Reconnecting; no calls ring here until then.'),
    );
  }

  #away() {
    if (!this.online || this.view?.status !== 'away') return nothing;
    return notice(
      'warn',
      awayText(this.view.missedInRow),
      this.#button(msg('Take calls again'), () =>
        ask(this, 'status-request', { status: 'available' }),
      ),
    );
  }

  #otherTab() {
    if (!this.online || !this.view || this.view.activeTab) return nothing;
    const offer = offeredLeg(this.view);
    if (offer) {
      const name = shownName(offer.call.visitor.name);
      return notice(
        'info',
        msg(str`A call from ${name} is ringing in another tab.`),
        this.#button(msg('Answer here'), () => ask(this, 'accept-request')),
      );
    }
    // The call's own pane offers to bring it here.
    if (activeLeg(this.view)) return nothing;
    return notice(
      'info',
      msg('This desk is in use in another tab. Calls ring there.'),
      this.#button(msg('Use this tab'), () => ask(this, 'activate-tab-request')),
    );
  }

  #button(text: string, press: () => void) {
    return html`<button class="button" @click=${press}>${text}</button>`;
  }
}

function awayText(missed: number): string {
  if (missed === 0) return msg('You are away, so calls go to others for now.');
  if (missed === 1) return msg('You missed a call, so calls go to others for now.');
  return msg(str`You missed ${missed} calls in a row, so calls go to others for now.`);
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
