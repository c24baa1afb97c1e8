import { msg } from '@lit/localize';
import { LitElement, css, html } from 'lit';
import { property, query } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { ask } from '../../parts/events/requests.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';

/** Asks whether the call is to end, where a key that closes dialogs would end it. */
export class LeaveQuestion extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    css`
      dialog {
        box-sizing: border-box;
        inline-size: min(400px, calc(100vw - 32px));
        margin: auto;
        border: 0;
        padding: 24px;
        border-radius: var(--_radius);
        color: var(--_text);
        background: var(--_raised);
        box-shadow: var(--_shadow);
      }
      dialog::backdrop {
        background: rgb(8 18 26 / 55%);
      }
      p {
        margin: 0 0 24px;
        font-size: 18px;
        font-weight: 600;
        text-align: center;
      }
      footer {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 12px;
      }
      .button {
        min-inline-size: 128px;
      }
      @media (max-width: 599px), (max-height: 479px) {
        .button {
          flex: 1 0 auto;
          min-block-size: 48px;
        }
      }
    `,
  ];

  @property({ reflect: true }) theme: 'light' | 'dark' | 'auto' | null = null;
  @query('dialog') private readonly dialog!: HTMLDialogElement;

  constructor() {
    super();
    new LocaleController(this);
  }

  /** Opens it over everything else. One that is open is opened again, so that it lies on top. */
  async show(): Promise<void> {
    await this.updateComplete;
    if (!this.isConnected) return;
    if (this.dialog.open) this.dialog.close();
    this.dialog.showModal();
  }

  protected override render() {
    return html`<dialog class="question" role="alertdialog" aria-labelledby="question">
      <p id="question">${msg('Do you want to end the call?')}</p>
      <footer>
        <button class="button" type="button" @click=${() => this.dialog.close()}>
          ${msg('Stay in the call')}
        </button>
        <button class="button danger" type="button" @click=${() => ask(this, 'hang-up-request')}>
          ${msg('End the call')}
        </button>
      </footer>
    </dialog>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'rtc-leave-question': LeaveQuestion;
  }
}
