import { msg } from '@lit/localize';
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { closeIcon, warningIcon } from '../../parts/icons.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { errorText } from '../../parts/texts/error-text.ts';
import { deskStyles } from '../desk-styles.ts';

/** How long a failure is shown. */
const SHOWN_MS = 10_000;

/** Tells that a request failed. Fires `toast-closed` when the agent closes it, or after its time. */
export class DeskToast extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    deskStyles,
    css`
      :host {
        position: absolute;
        inset: auto 0 16px;
        z-index: 5;
        display: grid;
        justify-items: center;
        padding: 0 16px;
        pointer-events: none;
      }
      .toast {
        display: flex;
        align-items: center;
        gap: 12px;
        max-width: 480px;
        padding: 8px 8px 8px 16px;
        border: 1px solid var(--_danger);
        border-radius: var(--_radius);
        background: var(--_raised);
        box-shadow: var(--_shadow);
        font-size: 15px;
        line-height: 20px;
        pointer-events: auto;
      }
      .toast > svg {
        flex: none;
        color: var(--_danger);
      }
    `,
  ];

  @property({ attribute: false }) error: ErrorCode | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    new LocaleController(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('error')) return;
    clearTimeout(this.#timer);
    if (this.error) this.#timer = setTimeout(() => this.#close(), SHOWN_MS);
  }

  protected override render() {
    return html`<div role="alert">${this.error ? this.#toast(this.error) : nothing}</div>`;
  }

  #toast(code: ErrorCode) {
    const { text, hint } = errorText(code);
    return html`<div class="toast">
      ${warningIcon()}
      <p>${text} ${hint}</p>
      <button class="icon-button" aria-label=${msg('Close')} @click=${() => this.#close()}>
        ${closeIcon()}
      </button>
    </div>`;
  }

  #close(): void {
    this.dispatchEvent(new Event('toast-closed'));
  }
}
