import { localized, msg, str } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import { qrCode } from '../../../elements/parts/qr-code.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import { resumeSession } from '../../app/session.ts';
import { consoleStyles, fieldStyles } from '../../parts/console-styles.ts';
import type { RecoveryCodes } from '../../../protocol/rest/console-session.ts';
import { textField, type FieldHost } from '../../parts/fields.ts';
import { formStyles } from '../../parts/form-styles.ts';
import type { SecretDialog } from '../../parts/secret-dialog.ts';
import { errorText } from '../../rest/error-text.ts';
import { RestError } from '../../rest/rest-error.ts';
import { roleText } from '../role-texts.ts';

const CURRENT = '/agent-sessions/current';
const MIN_LETTERS = 10;
const APP_CODE = /^\d{6}$/;
const ANY_CODE = /^(\d{6}|[a-z0-9]{5}-?[a-z0-9]{5})$/i;

// Codes may be typed with a space: `123 456`.
const APP_LENGTH = 7;
const ANY_LENGTH = 12;

/** The secret that waits for a first code of the authenticator app. */
interface NewFactor {
  readonly secret: string;
  readonly uri: string;
}

const EMPTY = { current: '', password: '', again: '', code: '' };
type Entries = typeof EMPTY;

/** The page `My account`: the own password and the own second factor. */
@localized()
export class AccountPage extends LitElement implements FieldHost {
  static override styles = [
    consoleStyles,
    fieldStyles,
    formStyles,
    css`
      .who {
        margin-bottom: 20px;
      }
      .card {
        max-width: 560px;
        margin-bottom: 20px;
      }
      .qr {
        inline-size: min(232px, 100%);
        border-radius: 8px;
      }
      code {
        overflow-wrap: anywhere;
        user-select: all;
      }
    `,
  ];

  @property({ attribute: false }) context!: ConsoleContext;

  @state() value: Entries = EMPTY;
  @state() problems: Readonly<Record<string, string>> = {};
  @state() private busy = false;
  /** Null until the server has said so. */
  @state() private hasFactor: boolean | null = null;
  @state() private recoveryCodes = 0;
  @state() private newFactor: NewFactor | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#readFactor();
  }

  change(name: string, value: unknown): void {
    this.value = { ...this.value, [name]: value };
    this.problems = {};
    const { current, password, again } = this.value;
    this.context.setUnsaved(current + password + again !== '');
  }

  protected override render() {
    const { agent } = this.context.session;
    return html`<h1>${msg('My account')}</h1>
      <p class="quiet who">
        ${msg(str`${agent.name}, username ${agent.username}, ${roleText(agent.role)}`)}
      </p>
      ${this.#renderPassword()} ${this.#renderFactor()}`;
  }

  #renderPassword() {
    return html`<form class="card section" novalidate @submit=${this.#changePassword}>
      <h2>${msg('Password')}</h2>
      <input type="hidden" autocomplete="username" value=${this.context.session.agent.username} />
      ${textField(this, {
        name: 'current',
        label: msg('Present password'),
        type: 'password',
        autocomplete: 'current-password',
      })}
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
      <p class="quiet">${msg('Your other sessions end.')}</p>
      ${this.#renderProblem('form-password')}
      <div>
        <button type="submit" hidden></button>
        <wa-button type="submit" variant="brand" ?disabled=${this.busy}>
          ${msg('Change the password')}
        </wa-button>
      </div>
    </form>`;
  }

  #renderFactor() {
    return html`<section class="card section">
      <h2>${msg('Second factor')}</h2>
      ${this.newFactor ? this.#renderNewFactor(this.newFactor) : this.#renderPresentFactor()}
      <rtc-secret-dialog></rtc-secret-dialog>
    </section>`;
  }

  #renderPresentFactor() {
    if (this.hasFactor === null) {
      return html`${this.#renderProblem('form-code')}
      ${this.problems['form-code'] ? nothing : html`<wa-spinner></wa-spinner>`}`;
    }
    if (!this.hasFactor) {
      return html`<p>
          ${msg('Off. With it, each sign-in also needs a code of an authenticator app on your phone.')}
        </p>
        ${this.#renderProblem('form-code')}
        <div>
          <wa-button variant="brand" ?disabled=${this.busy} @click=${this.#beginFactor}>
            ${msg('Set up an authenticator app')}
          </wa-button>
        </div>`;
    }
    return html`<form class="section" novalidate @submit=${this.#replaceFactor}>
      <p>${msg('On. Each sign-in needs a code of your authenticator app.')}</p>
      <p>${this.#recoveryCodesText()}</p>
      <p class="quiet">
        ${msg('Without the app and without a recovery code, ask an admin to remove the second factor.')}
      </p>
      ${this.#renderCode(msg('Code of the present app, or a recovery code'), ANY_LENGTH)}
      ${this.#renderProblem('form-code')}
      <div class="row">
        <button type="submit" hidden></button>
        <wa-button type="submit" appearance="outlined" ?disabled=${this.busy}>
          ${msg('Move to another app')}
        </wa-button>
        <wa-button appearance="outlined" ?disabled=${this.busy} @click=${this.#renewCodes}>
          ${msg('Make new recovery codes')}
        </wa-button>
        <wa-button
          variant="danger"
          appearance="outlined"
          ?disabled=${this.busy}
          @click=${this.#removeFactor}
        >
          ${msg('Remove the second factor')}
        </wa-button>
      </div>
    </form>`;
  }

  #recoveryCodesText(): string {
    if (this.recoveryCodes === 0) return msg('You have no recovery codes left. Make new ones.');
    return this.recoveryCodes === 1
      ? msg('You have one recovery code left. It takes the place of a code of the app, once.')
      : msg(
          str`You have ${this.recoveryCodes} recovery codes left. Each takes the place of a code of the app, once.`,
        );
  }

  #renderNewFactor({ secret, uri }: NewFactor) {
    return html`<form class="section" novalidate @submit=${this.#confirmFactor}>
      <p>${msg('Scan the code with your authenticator app, or type the secret into it.')}</p>
      ${qrCode(uri, msg('QR code for the authenticator app'))}
      <p><a href=${uri} rel="external">${msg('Open the app on this device')}</a></p>
      <p>${msg('Secret')}: <code>${secret}</code></p>
      ${this.#renderCode(msg('Code that the app shows'), APP_LENGTH)}
      ${this.#renderProblem('form-code')}
      <div class="row">
        <button type="submit" hidden></button>
        <wa-button type="submit" variant="brand" ?disabled=${this.busy}>
          ${msg('Switch it on')}
        </wa-button>
        <wa-button appearance="outlined" @click=${this.#leaveSetup}>${msg('Cancel')}</wa-button>
      </div>
    </form>`;
  }

  #renderCode(label: string, maxLength: number) {
    return textField(this, { name: 'code', label, autocomplete: 'one-time-code', maxLength });
  }

  #renderProblem(name: string) {
    return html`<div role="alert" class="problem">${this.problems[name] ?? nothing}</div>`;
  }

  readonly #changePassword = async (event: Event): Promise<void> => {
    event.preventDefault();
    const { current, password, again } = this.value;
    this.problems = {
      ...(current === '' && { current: msg('Enter your present password.') }),
      ...([...password].length < MIN_LETTERS && { password: msg('At least 10 characters.') }),
      ...(password !== again && { again: msg('The two entries differ.') }),
    };
    if (Object.keys(this.problems).length > 0) return;
    const wrong = { current: msg('The present password is wrong.') };
    const changed = await this.#run('form-password', wrong, () =>
      this.#send('PUT', `${CURRENT}/password`, { current, password }),
    );
    if (!changed) return;
    this.context.setUnsaved(false);
    this.context.notify(msg('The password was changed.'));
  };

  readonly #beginFactor = async (): Promise<void> => {
    await this.#run('form-code', {}, async () => {
      this.newFactor = await this.#send<NewFactor>('POST', `${CURRENT}/second-factor`);
    });
  };

  readonly #leaveSetup = (): void => {
    this.newFactor = null;
    this.value = { ...this.value, code: '' };
    this.problems = {};
  };

  readonly #confirmFactor = async (event: Event): Promise<void> => {
    event.preventDefault();
    const problem = msg('Enter the six digits of the code.');
    const made = await this.#sendCode(APP_CODE, problem, (code) =>
      this.#send<RecoveryCodes>('PUT', `${CURRENT}/second-factor`, { code, enabled: true }),
    );
    if (!made) return;
    this.newFactor = null;
    this.hasFactor = true;
    this.context.notify(msg('The second factor is on.'));
    await this.#showCodes(made);
  };

  readonly #renewCodes = async (): Promise<void> => {
    const made = await this.#sendPresentCode((code) =>
      this.#send<RecoveryCodes>('POST', `${CURRENT}/recovery-codes`, { code }),
    );
    if (made) await this.#showCodes(made);
  };

  async #showCodes({ recoveryCodes }: RecoveryCodes): Promise<void> {
    this.recoveryCodes = recoveryCodes.length;
    const dialog = this.renderRoot.querySelector<SecretDialog>('rtc-secret-dialog');
    await dialog?.show({
      title: msg('Recovery codes'),
      text: msg(
        'Keep these codes in a safe place. Each takes the place of a code of the app, once. They are not shown again.',
      ),
      value: recoveryCodes.join('\n'),
    });
  }

  readonly #removeFactor = async (): Promise<void> => {
    if (!(await this.#sendRemoval())) return;
    this.hasFactor = false;
    this.context.notify(msg('The second factor was removed.'));
  };

  /** The server has one factor an account: the present one goes first. */
  readonly #replaceFactor = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (!(await this.#sendRemoval())) return;
    this.hasFactor = false;
    await this.#beginFactor();
  };

  async #sendRemoval(): Promise<boolean> {
    const removed = await this.#sendPresentCode(async (code) => {
      await this.#send('PUT', `${CURRENT}/second-factor`, { code, enabled: false });
      return true;
    });
    return removed !== null;
  }

  #sendPresentCode<T>(send: (code: string) => Promise<T>): Promise<T | null> {
    const problem = msg('Enter the six digits of the code, or a recovery code.');
    return this.#sendCode(ANY_CODE, problem, send);
  }

  /** Null: there is no valid code, or the server refused it. */
  async #sendCode<T>(
    pattern: RegExp,
    problem: string,
    send: (code: string) => Promise<T>,
  ): Promise<T | null> {
    const code = this.value.code.replace(/\s/g, '');
    if (!pattern.test(code)) {
      this.problems = { code: problem };
      return null;
    }
    const wrong = {
      code: msg('The code is wrong, or it was used already. Wait for the next one.'),
    };
    let answer: T | null = null;
    await this.#run('form-code', wrong, async () => {
      answer = await send(code);
    });
    return answer;
  }

  /** Runs one change. The entries are emptied after it. `wrong` says what a refused password or code means. */
  async #run(
    form: string,
    wrong: Readonly<Record<string, string>>,
    change: () => Promise<unknown>,
  ): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.problems = {};
    try {
      await change();
      this.value = EMPTY;
      return true;
    } catch (error) {
      const refused = error instanceof RestError && error.code === 'unauthorized';
      this.problems = refused && (await this.#isSignedIn()) ? wrong : { [form]: errorText(error) };
      return false;
    } finally {
      this.busy = false;
    }
  }

  async #send<T>(method: 'PUT' | 'POST', path: string, body?: object): Promise<T> {
    const request = { method, ...(body && { body }), checksSecret: true };
    return (await this.context.rest.send<T>(path, request)).body;
  }

  /** A refusal has one code for a wrong secret and for a session that has ended. */
  async #isSignedIn(): Promise<boolean> {
    const session = await resumeSession(this.context.rest);
    if (!session) this.context.rest.onSessionLost();
    return session !== null;
  }

  /** The session that the console began with may be older than a change on this page. */
  async #readFactor(): Promise<void> {
    try {
      const session = await resumeSession(this.context.rest);
      if (!session) return;
      this.hasFactor = session.secondFactor;
      this.recoveryCodes = session.recoveryCodes;
    } catch (error) {
      this.problems = { 'form-code': errorText(error) };
    }
  }
}
