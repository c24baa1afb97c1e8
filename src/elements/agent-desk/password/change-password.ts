import { msg } from '@lit/localize';
import { LitElement, html, nothing } from 'lit';
import { property, query } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { ask } from '../../parts/events/requests.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { fieldStyles } from '../../parts/styles/field-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { errorText } from '../../parts/texts/error-text.ts';
import { keyIcon } from '../desk-icons.ts';
import { deskStyles } from '../desk-styles.ts';
import { deskDialogStyles } from '../dialog-styles.ts';
import { changePasswordStyles } from './change-password-styles.ts';

/** What has become of the change: null before it, or the reason why it failed. */
export type PasswordChangeState = 'busy' | 'done' | ErrorCode | null;

/** The server's rule, so that the browser tells it before the form is sent. */
const MIN_LENGTH = 10;

/** A button, and the dialog in which an agent chooses another password. */
export class ChangePassword extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    fieldStyles,
    deskStyles,
    deskDialogStyles,
    changePasswordStyles,
  ];

  @property({ attribute: false }) state: PasswordChangeState = null;

  @query('dialog') private readonly dialog!: HTMLDialogElement;
  @query('form') private readonly form!: HTMLFormElement;
  @query('[name=current]') private readonly current!: HTMLInputElement;
  @query('[name=password]') private readonly password!: HTMLInputElement;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override render() {
    const text = msg('Change password');
    const busy = this.state === 'busy';
    return html`<button
        class="icon-button"
        aria-label=${text}
        title=${text}
        @click=${() => this.dialog.showModal()}
      >
        ${keyIcon()}
      </button>
      <dialog class="card" aria-labelledby="title" @close=${() => this.form.reset()}>
        <form @submit=${this.#handleSubmit}>
          <h2 id="title">${text}</h2>
          <div role="status">${this.#outcome()}</div>
          ${this.#field('current', msg('Current password'), 'current-password', nothing)}
          ${this.#field('password', msg('New password'), 'new-password', MIN_LENGTH)}
          <p class="quiet-text">${msg('At least 10 characters. Your other sessions end.')}</p>
          <div class="actions">
            <button type="button" class="button" @click=${() => this.dialog.close()}>
              ${msg('Close')}
            </button>
            <button class="button primary" ?disabled=${busy}>
              ${busy ? msg('Saving…') : msg('Save password')}
            </button>
          </div>
        </form>
      </dialog>`;
  }

  #field(name: string, text: string, autocomplete: string, minLength: number | typeof nothing) {
    return html`<label class="field">
      <span>${text}</span>
      <input
        name=${name}
        type="password"
        autocomplete=${autocomplete as AutoFill}
        minlength=${minLength}
        maxlength="256"
        required
      />
    </label>`;
  }

  #outcome() {
    const { state } = this;
    if (state === null || state === 'busy') return nothing;
    if (state === 'done') return html`<p>${msg('The password was changed.')}</p>`;
    if (state === 'unauthorized') {
      return html`<p class="error">${msg('The current password is wrong.')}</p>`;
    }
    const { text, hint } = errorText(state);
    return html`<p class="error">${text} ${hint}</p>`;
  }

  #handleSubmit(event: SubmitEvent): void {
    event.preventDefault();
    ask(this, 'change-password-request', {
      current: this.current.value,
      password: this.password.value,
    });
  }
}
