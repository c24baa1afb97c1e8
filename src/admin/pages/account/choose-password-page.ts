import { localized, msg, str } from '@lit/localize';
import { LitElement, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { PasswordLinkAgent } from '../../../protocol/rest/console-session.ts';
import { consoleStyles, fieldStyles } from '../../parts/console-styles.ts';
import { textField, type FieldHost } from '../../parts/fields.ts';
import { errorText } from '../../rest/error-text.ts';
import type { RestClient } from '../../rest/rest-client.ts';

const PATH = '/password-links/current';
const MIN_LETTERS = 10;

/** The page of a password link: whoever has the link chooses the account's password. The code is after the `#`. */
@localized()
export class ChoosePasswordPage extends LitElement implements FieldHost {
  static override styles = [consoleStyles, fieldStyles];

  @property({ attribute: false }) rest!: RestClient;

  @state() value = { password: '', again: '' };
  @state() problems: Readonly<Record<string, string>> = {};
  @state() private agent: PasswordLinkAgent | null = null;
  @state() private failure = '';
  @state() private busy = false;
  @state() private done = false;

  readonly #code = location.hash.slice(1);

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  async #load(): Promise<void> {
    try {
      const request = { method: 'POST', body: { code: this.#code } } as const;
      this.agent = (await this.rest.send<PasswordLinkAgent>(PATH, request)).body;
    } catch (error) {
      this.failure = errorText(error);
    }
  }

  change(name: string, value: unknown): void {
    this.value = { ...this.value, [name]: value };
    this.problems = {};
  }

  protected override render() {
    return html`<div class="card stack">
      <h1>${msg('Choose your password')}</h1>
      ${this.#renderContent()}
    </div>`;
  }

  #renderContent() {
    if (this.failure) return html`<p role="alert">${this.failure}</p>`;
    if (!this.agent) return html`<wa-spinner></wa-spinner>`;
    const { name, siteName, username, role, site } = this.agent;
    if (this.done) {
      const address = role === 'agent' ? `/desk/${site}` : `/admin?site=${site}`;
      return html`<p role="status">${msg(str`Your password is set. Sign in as ${username}.`)}</p>
        <p><a href=${address} rel="external">${msg('Go to the sign-in')}</a></p>`;
    }
    return html`<p>
        ${msg(str`Hello ${name}. This is for ${siteName}; your username is ${username}.`)}
      </p>
      <form class="stack" novalidate @submit=${this.#save}>
        <input type="hidden" name="username" autocomplete="username" value=${username} />
        ${textField(this, {
          name: 'password',
          label: msg('New password'),
          type: 'password',
          autocomplete: 'new-password',
          hint: msg('At least 10 characters.'),
        })}
        ${textField(this, {
          name: 'again',
          label: msg('The same again'),
          type: 'password',
          autocomplete: 'new-password',
        })}
        <div role="alert" class="problem">${this.problems[''] ?? nothing}</div>
        <button type="submit" hidden></button>
        <wa-button type="submit" variant="brand" ?disabled=${this.busy}>
          ${msg('Set the password')}
        </wa-button>
      </form>`;
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const { password, again } = this.value;
    this.problems = {
      ...([...password].length < MIN_LETTERS && { password: msg('At least 10 characters.') }),
      ...(password !== again && { again: msg('The two entries differ.') }),
    };
    if (Object.keys(this.problems).length > 0 || this.busy) return;
    this.busy = true;
    try {
      await this.rest.send(PATH, { method: 'PUT', body: { code: this.#code, password } });
      this.done = true;
    } catch (error) {
      this.problems = { '': errorText(error) };
    } finally {
      this.busy = false;
    }
  }
}
