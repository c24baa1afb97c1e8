import { msg } from '@lit/localize';
import { LitElement, css, html } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { HandOverOffer, VisitorCallControl } from '../../../call/visitor-call-control.ts';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { RtcDeskError } from '../../../protocol/errors.ts';
import { qrCode } from '../../parts/qr-code.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { errorText } from '../../parts/texts/error-text.ts';

/**
 * A dialog over the panel: a QR code with which the visitor continues the call on a phone. It asks for the code when it
 * is opened, and goes when it is closed, or when this page has the call no longer.
 */
export class HandOverDialog extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    css`
      dialog {
        box-sizing: border-box;
        inline-size: min(400px, 100vw - 32px);
        max-block-size: calc(100dvb - 32px);
        padding: 24px;
        border: 1px solid var(--_line);
        border-radius: var(--_radius);
        color: var(--_text);
        background: var(--_raised);
        font-family: var(--_font);
        text-align: center;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 0.5);
      }
      h2,
      p {
        margin: 0 0 12px;
        overflow-wrap: anywhere;
      }
      h2 {
        font-size: 20px;
        outline: none;
        text-wrap: balance;
      }
      .quiet {
        color: var(--_quiet);
      }
      .code {
        display: grid;
        place-items: center;
        min-block-size: 240px;
        margin-block-end: 12px;
      }
      code {
        font-size: 14px;
        user-select: all;
      }
      .qr {
        inline-size: 240px;
        max-inline-size: 100%;
        border-radius: var(--_radius-small);
      }
      .answers {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 12px;
      }
    `,
  ];

  @property({ attribute: false }) call: VisitorCallControl | null = null;
  /** The desk's address. */
  @property({ attribute: false }) server = '';
  @property({ attribute: false }) camera: 'user' | 'environment' = 'user';
  @property({ reflect: true }) theme: 'light' | 'dark' | 'auto' | null = null;
  @state() private offer: HandOverOffer | null = null;
  @state() private problem: RtcDeskError | null = null;
  @state() private expired = false;
  @query('dialog') private readonly dialog!: HTMLDialogElement;

  #unsubscribe: (() => void) | null = null;
  #expiry: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    new LocaleController(this);
    // The keys of the room do nothing here.
    this.addEventListener('keydown', (event) => event.stopPropagation());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#expiry);
    this.#unsubscribe?.();
  }

  protected override firstUpdated(): void {
    this.#unsubscribe = this.call!.subscribe(() => {
      const { state } = this.call!.getSnapshot();
      if (state === 'failed' || state === 'ended' || state === 'idle') this.remove();
    });
    this.dialog.showModal();
    void this.#ask();
  }

  protected override render() {
    return html`<dialog aria-labelledby="title" @close=${() => this.remove()}>
      <h2 id="title" tabindex="-1" autofocus>${msg('Continue on your phone')}</h2>
      <div class="code">${this.#code()}</div>
      <div class="answers">
        ${
          this.expired || this.problem
            ? html`<button class="button primary" type="button" @click=${() => this.#ask()}>
                ${this.expired ? msg('Show a new code') : msg('Try again')}
              </button>`
            : ''
        }
        <button class="button" type="button" @click=${() => this.dialog.close()}>
          ${msg('Close')}
        </button>
      </div>
    </dialog>`;
  }

  #code() {
    if (this.problem) {
      const { text, hint } = errorText(this.problem.code);
      return html`<div>
        <p role="alert">${text}</p>
        <p class="quiet">${hint}</p>
      </div>`;
    }
    if (this.expired) return html`<p role="status">${msg('The code has expired.')}</p>`;
    if (!this.offer) return html`<p class="quiet" role="status">${msg('Loading…')}</p>`;
    const address = new URL(`/h#${this.offer.code}`, this.server);
    // The phone opens the camera that the button asks for.
    if (this.camera === 'environment') address.searchParams.set('camera', this.camera);
    return html`<div>
      <p>${msg('Point the camera of your phone at this code, and open the link.')}</p>
      ${qrCode(address.href, msg('QR code for your phone'))}
      <p><code>${address.href}</code></p>
      <p class="quiet">
        ${msg('The code works once, within 2 minutes. The call then ends here and continues on your phone.')}
      </p>
    </div>`;
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#expiry);
    this.offer = this.problem = null;
    this.expired = false;
    try {
      const offer = await this.call!.offerHandOver();
      if (!this.isConnected) return;
      this.offer = offer;
      this.#expiry = setTimeout(() => (this.expired = true), offer.expiresAt - Date.now());
    } catch (error) {
      this.problem = error as RtcDeskError;
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-hand-over-dialog': HandOverDialog;
  }
}
