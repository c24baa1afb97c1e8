import { localized, msg } from '@lit/localize';
import { LitElement, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Setup } from '../../../protocol/rest/console-session.ts';
import { consoleStyles, fieldStyles } from '../../parts/console-styles.ts';
import { selectField, textField, type FieldHost } from '../../parts/fields.ts';
import { ID_PATTERN, suggestId } from '../../parts/suggest-id.ts';
import { errorText } from '../../rest/error-text.ts';
import type { RestClient } from '../../rest/rest-client.ts';
import { RestError } from '../../rest/rest-error.ts';
import { timeZoneOptions } from '../time-zones.ts';

const MIN_LETTERS = 10;

/** Makes the first site of an empty installation and its owner. The code is after the `#`. */
@localized()
export class SetupPage extends LitElement implements FieldHost {
  static override styles = [consoleStyles, fieldStyles];

  @property({ attribute: false }) rest!: RestClient;

  @state() value = {
    siteName: '',
    site: '',
    timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    name: '',
    username: '',
    password: '',
  };
  @state() problems: Readonly<Record<string, string>> = {};
  @state() private busy = false;

  change(name: string, value: unknown): void {
    const follows = name === 'siteName' && this.value.site === suggestId(this.value.siteName);
    this.value = {
      ...this.value,
      [name]: value,
      ...(follows && { site: suggestId(String(value)) }),
    };
    this.problems = {};
  }

  protected override render() {
    return html`<div class="card stack">
      <div>
        <h1>${msg('Set up your support centre')}</h1>
        <p class="quiet">
          ${msg('You become its owner. Everything can be changed later, except the short name.')}
        </p>
      </div>
      <form class="stack" novalidate @submit=${this.#save}>
        ${textField(this, { name: 'siteName', label: msg('Name of the site'), maxLength: 80 })}
        ${textField(this, {
          name: 'site',
          label: msg('Short name of the site'),
          maxLength: 63,
          hint: msg('For addresses: a to z, 0 to 9 and hyphens.'),
        })}
        ${selectField(this, {
          name: 'timeZone',
          label: msg('Time zone'),
          options: timeZoneOptions(this.value.timeZone),
        })}
        ${textField(this, { name: 'name', label: msg('Your name'), maxLength: 80 })}
        ${textField(this, { name: 'username', label: msg('Username'), maxLength: 64 })}
        ${textField(this, {
          name: 'password',
          label: msg('Password'),
          type: 'password',
          autocomplete: 'new-password',
          hint: msg('At least 10 characters.'),
        })}
        <div role="alert" class="problem">${this.problems[''] ?? nothing}</div>
        <button type="submit" hidden></button>
        <wa-button type="submit" variant="brand" ?disabled=${this.busy}>
          ${msg('Set up')}
        </wa-button>
      </form>
    </div>`;
  }

  #check(): Record<string, string> {
    const { siteName, site, name, username, password } = this.value;
    return {
      ...(siteName.trim() === '' && { siteName: msg('Enter a name.') }),
      ...(!ID_PATTERN.test(site) && {
        site: msg('Enter a short name of the letters a to z, digits and hyphens.'),
      }),
      ...(name.trim() === '' && { name: msg('Enter a name.') }),
      ...(!/^\S{1,64}$/.test(username) && {
        username: msg('Enter a username without spaces, at most 64 characters.'),
      }),
      ...([...password].length < MIN_LETTERS && { password: msg('At least 10 characters.') }),
    };
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    this.problems = this.#check();
    if (Object.keys(this.problems).length > 0 || this.busy) return;
    const { siteName, site, timeZone, name, username, password } = this.value;
    const body: Setup = {
      code: location.hash.slice(1),
      site: { id: site, name: siteName, timeZone },
      owner: { username, name, password },
    };
    this.busy = true;
    try {
      await this.rest.send('/setup', { method: 'POST', body });
      location.assign('/admin');
    } catch (error) {
      const field = error instanceof RestError && error.code === 'password-refused';
      this.problems = { [field ? 'password' : '']: errorText(error) };
      this.busy = false;
    }
  }
}
