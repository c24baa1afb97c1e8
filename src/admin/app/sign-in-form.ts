import { localized, msg } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { ConsoleSession } from '../../protocol/rest/console-session.ts';
import { consoleStyles, fieldStyles } from '../parts/console-styles.ts';
import { codeText, errorText } from '../rest/error-text.ts';
import type { RestClient } from '../rest/rest-client.ts';
import { RestError } from '../rest/rest-error.ts';
import { rememberedSite, signIn } from './session.ts';

/** Somebody has signed in at the console. */
export class SignedInEvent extends Event {
  constructor(readonly session: ConsoleSession) {
    super('signed-in');
  }
}

/** Signs a person in with a password, and with a code if the account has a second factor. */
@localized()
export class SignInForm extends LitElement {
  static override styles = [
    consoleStyles,
    fieldStyles,
    css`
      form {
        display: grid;
        gap: 16px;
      }
      wa-button {
        margin-top: 4px;
      }
    `,
  ];

  @property({ attribute: false }) rest!: RestClient;

  /** The name of the person who has to come back; '' for anybody. */
  @property() username = '';

  @state() private problem = '';
  @state() private busy = false;
  @state() private codeNeeded = false;
  @state() private siteNeeded = false;

  @query('form') private readonly form!: HTMLFormElement;

  protected override firstUpdated(): void {
    const first = this.username ? 'password' : 'username';
    this.form.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
  }

  protected override render() {
    return html`<form @submit=${this.#handleSubmit} aria-busy=${this.busy}>
      <div role="alert">
        ${
          this.problem
            ? html`<wa-callout variant="danger" size="s">
                <wa-icon slot="icon" name="circle-exclamation"></wa-icon>${this.problem}
              </wa-callout>`
            : nothing
        }
      </div>
      ${this.siteNeeded ? this.#field('site', msg('Site'), { value: rememberedSite() }) : nothing}
      ${this.#field('username', msg('Username'), {
        value: this.username,
        autocomplete: 'username',
      })}
      ${this.#field('password', msg('Password'), {
        type: 'password',
        autocomplete: 'current-password',
      })}
      ${
        this.codeNeeded
          ? this.#field('code', msg('Code of the authenticator app, or a recovery code'), {
              autocomplete: 'one-time-code',
              pattern: '\\d{6}|[A-Za-z0-9]{5}-?[A-Za-z0-9]{5}',
            })
          : nothing
      }
      <!-- The Enter key needs a native button. -->
      <button type="submit" hidden></button>
      <wa-button type="submit" variant="brand" ?disabled=${this.busy}>
        ${this.busy ? msg('Signing in…') : msg('Sign in')}
      </wa-button>
    </form>`;
  }

  #field(
    name: string,
    label: string,
    {
      type = 'text',
      value = '',
      autocomplete = 'off',
      pattern = '.*',
    }: { type?: string; value?: string; autocomplete?: string; pattern?: string },
  ) {
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <input
        id=${name}
        name=${name}
        type=${type}
        value=${value}
        autocomplete=${autocomplete as AutoFill}
        autocapitalize="none"
        spellcheck="false"
        pattern=${pattern}
        required
      />
    </div>`;
  }

  async #handleSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (this.busy) return;
    const read = (name: string) => String(new FormData(this.form).get(name) ?? '').trim();
    const site = read('site') || rememberedSite();
    const code = read('code');
    this.busy = true;
    this.problem = '';
    try {
      const session = await signIn(this.rest, {
        ...(site && { site }),
        username: read('username'),
        password: String(new FormData(this.form).get('password')),
        ...(code && { code }),
      });
      this.dispatchEvent(new SignedInEvent(session));
    } catch (error) {
      await this.#showProblem(error);
    } finally {
      this.busy = false;
    }
  }

  async #showProblem(error: unknown): Promise<void> {
    const { code } = error instanceof RestError ? error : { code: 'server-error' };
    if (code === 'second-factor-needed') this.codeNeeded = true;
    if (code === 'unknown-site') this.siteNeeded = true;
    this.problem = signInProblem(code) ?? errorText(error);
    await this.updateComplete;
    const next = { 'second-factor-needed': 'code', 'unknown-site': 'site' }[code] ?? 'password';
    this.form.querySelector<HTMLInputElement>(`[name=${next}]`)?.focus();
  }
}

/** `unauthorized` and `forbidden` have another meaning here. */
function signInProblem(code: string): string | null {
  if (code === 'unauthorized') return msg('The username, the password or the code is wrong.');
  if (code === 'forbidden') {
    return msg('This account has no access to the console. Agents work at the desk.');
  }
  if (code === 'unknown-site') return msg('Enter the name of your site.');
  return code === 'second-factor-needed' ? codeText(code) : null;
}
