import { msg } from '@lit/localize';
import { LitElement, css, html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { LocaleController } from '../../../locales/locale-controller.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import { ask } from '../../parts/events/requests.ts';
import { videoIcon, warningIcon } from '../../parts/icons.ts';
import { buttonStyles } from '../../parts/styles/button-styles.ts';
import { fieldStyles } from '../../parts/styles/field-styles.ts';
import { theme } from '../../parts/styles/theme.ts';
import { errorText, type ErrorText } from '../../parts/texts/error-text.ts';
import { deskStyles } from '../desk-styles.ts';

/** The form in which an agent signs in. */
export class SignInForm extends LitElement {
  static override styles = [
    theme,
    buttonStyles,
    fieldStyles,
    deskStyles,
    css`
      :host {
        display: grid;
        flex: 1;
        padding: 24px 16px;
        overflow: auto;
      }
      form {
        display: grid;
        gap: 16px;
        width: min(100%, 384px);
        margin: auto;
        padding: 32px 24px;
      }
      .mark {
        display: grid;
        place-items: center;
        width: 48px;
        height: 48px;
        border-radius: var(--_radius);
        background: var(--_accent);
        color: var(--_on-accent);
      }
      h1 {
        margin: 0;
        font-size: 24px;
        line-height: 32px;
        font-weight: 700;
        letter-spacing: -0.01em;
      }
      .error {
        display: flex;
        gap: 8px;
        padding: 12px;
        border-radius: var(--_radius-small);
        background: var(--_danger-soft);
        color: var(--_danger);
        font-size: 14px;
        line-height: 20px;
      }
      .error svg {
        flex: none;
        width: 20px;
        height: 20px;
      }
      .button {
        min-height: 48px;
        margin-top: 8px;
      }
    `,
  ];

  /** Why the last attempt failed, or the session ended. */
  @property({ attribute: false }) error: ErrorCode | null = null;

  /** A sign-in is under way. */
  @property({ type: Boolean }) busy = false;

  @query('[name=username]') private readonly username!: HTMLInputElement;
  /** The agent has a second factor. The field stays until the page is left, also after a wrong code. */
  @state() private codeNeeded = false;

  @query('[name=code]') private readonly code!: HTMLInputElement | null;
  @query('[name=password]') private readonly password!: HTMLInputElement;

  constructor() {
    super();
    new LocaleController(this);
  }

  protected override firstUpdated(): void {
    // A desk that is the whole page takes the focus. Inside another page it leaves the focus alone.
    if (document.activeElement === document.body && window === window.top) this.username.focus();
  }

  /** To the field that has to be filled in next. */
  override focus(): void {
    const { username, password, code } = this;
    if (this.error === 'second-factor-needed') code?.focus();
    else if (username.value) password.focus();
    else username.focus();
  }

  protected override willUpdate(): void {
    if (this.error === 'second-factor-needed') this.codeNeeded = true;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('error') && this.error === 'second-factor-needed') this.code?.focus();
  }

  protected override render() {
    const { error, busy } = this;
    return html`<form class="card" @submit=${this.#handleSubmit}>
      <div class="mark">${videoIcon()}</div>
      <div>
        <h1>${msg('Agent desk')}</h1>
        <p class="quiet-text">${msg('Sign in to take video calls.')}</p>
      </div>
      <div role="alert">
        ${
          error
            ? html`<div class="error" id="error">
                ${warningIcon()}
                <p>${sentences(signInError(error))}</p>
              </div>`
            : nothing
        }
      </div>
      <label class="field">
        <span>${msg('Username')}</span>
        <input
          name="username"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
          required
          aria-invalid=${error === 'unauthorized'}
        />
      </label>
      <label class="field">
        <span>${msg('Password')}</span>
        <input
          name="password"
          type="password"
          autocomplete="current-password"
          required
          aria-invalid=${error === 'unauthorized'}
        />
      </label>
      ${
        this.codeNeeded
          ? html`<label class="field">
              <span>${msg('Code of the authenticator app, or a recovery code')}</span>
              <input
                name="code"
                autocomplete="one-time-code"
                autocapitalize="none"
                spellcheck="false"
                pattern="\\d{6}|[A-Za-z0-9]{5}-?[A-Za-z0-9]{5}"
                maxlength="11"
                required
              />
            </label>`
          : nothing
      }
      <button class="button primary" ?disabled=${busy}>
        ${busy ? msg('Signing in…') : msg('Sign in')}
      </button>
    </form>`;
  }

  #handleSubmit(event: SubmitEvent): void {
    event.preventDefault();
    if (this.busy) return;
    ask(this, 'sign-in-request', {
      username: this.username.value.trim(),
      password: this.password.value,
      ...(this.code && { code: this.code.value }),
    });
  }
}

/** `unauthorized` also means a wrong password here, so that it has its own text. */
function signInError(code: ErrorCode): ErrorText {
  if (code !== 'unauthorized') return errorText(code);
  return {
    text: msg('Username or password is wrong, or your session has ended.'),
    hint: msg('Please sign in again.'),
  };
}

function sentences({ text, hint }: ErrorText): string {
  return hint ? `${text} ${hint}` : text;
}
