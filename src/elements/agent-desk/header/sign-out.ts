import { msg } from '@lit/localize';
import { LitElement, css, html } from 'lit';
import { property, query } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import { ask } from '../../parts/events/requests.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { signOutIcon } from '../desk-icons.ts';
import { deskDialogStyles } from '../dialog-styles.ts';
import { deskStyles } from '../desk-styles.ts';

/** The button that signs the agent out. During a call it asks first, since the call ends for the visitor too. */
export class SignOut extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    deskStyles,
    deskDialogStyles,
    css`
      dialog {
        width: min(400px, calc(100vw - 32px));
        padding: 20px;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: 8px;
        margin-top: 16px;
      }
    `,
  ];

  @property({ type: Boolean }) inCall = false;
  @query('dialog') private readonly dialog!: HTMLDialogElement;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override render() {
    const text = msg('Sign out');
    return html`<button
        class="icon-button"
        aria-label=${text}
        title=${text}
        @click=${() => (this.inCall ? this.dialog.showModal() : ask(this, 'sign-out-request'))}
      >
        ${signOutIcon()}
      </button>
      <dialog class="card" role="alertdialog" aria-labelledby="title" aria-describedby="about">
        <h2 id="title">${msg('You are in a call')}</h2>
        <p id="about">
          ${msg('Signing out ends the call. The visitor is told that you ended it.')}
        </p>
        <div class="actions">
          <button class="button" autofocus @click=${() => this.dialog.close()}>
            ${msg('Stay in the call')}
          </button>
          <button class="button danger" @click=${this.#signOut}>
            ${msg('End the call and sign out')}
          </button>
        </div>
      </dialog>`;
  }

  #signOut(): void {
    this.dialog.close();
    ask(this, 'sign-out-request');
  }
}
