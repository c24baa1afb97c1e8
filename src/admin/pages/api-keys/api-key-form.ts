import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { MadeApiKey, NewApiKey } from '../../../protocol/rest/api-keys.ts';
import type { ApiScope } from '../../../protocol/rest/permissions.ts';
import { below, textField } from '../../parts/fields.ts';
import { FormPage } from '../../parts/form-page.ts';
import type { SecretDialog } from '../../parts/secret-dialog.ts';
import type { Versioned } from '../../rest/rest-client.ts';
import { SCOPES, scopeText } from './scope-texts.ts';

type KeyValue = { readonly name: string; readonly scopes: readonly ApiScope[] };

/** The page that makes an API key. A key is never changed, only revoked. */
export class ApiKeyForm extends FormPage<KeyValue> {
  protected get heading(): string {
    return msg('New API key');
  }

  protected blank(): KeyValue {
    return { name: '', scopes: [] };
  }

  protected read(): Promise<Versioned<KeyValue>> {
    throw new Error('A key has no page.');
  }

  protected write(): Promise<Versioned<KeyValue>> {
    throw new Error('A key is never changed.');
  }

  protected async create({ name, scopes }: KeyValue): Promise<string> {
    const body: NewApiKey = { name, scopes: [...scopes] };
    const made = await this.context.rest.send<MadeApiKey>('/api-keys', { method: 'POST', body });
    const dialog = this.renderRoot.querySelector<SecretDialog>('rtc-secret-dialog');
    await dialog!.show({
      title: msg(str`The key ${name}`),
      text: msg('Copy the key into your program now. It is not shown again.'),
      value: made.body.key,
    });
    return '/admin/api-keys';
  }

  protected check({ name, scopes }: KeyValue): Record<string, string> {
    return {
      ...(name.trim() === '' && { name: msg('Enter a name.') }),
      ...(scopes.length === 0 && { scopes: msg('Choose at least one scope.') }),
    };
  }

  protected label(name: string): string {
    return name === 'name' ? msg('Name') : msg('Scopes');
  }

  protected auditSubject(): null {
    return null;
  }

  protected renderFields(): TemplateResult {
    const { scopes } = this.value;
    const { role } = this.context.session.agent;
    const offered = SCOPES.filter((scope) => scope !== 'erasure:write' || role === 'owner');
    return html`<div class="card section">
        ${textField(this, {
          name: 'name',
          label: this.label('name'),
          maxLength: 80,
          hint: msg('What the key is for, for example “CRM import”.'),
        })}
        <div role="group" aria-labelledby="scopes-label" class="section">
          <span class="label" id="scopes-label">${this.label('scopes')}</span>
          ${offered.map(
            (scope) =>
              html`<div class="check">
                <input
                  type="checkbox"
                  id=${scope}
                  .checked=${live(scopes.includes(scope))}
                  aria-invalid=${'scopes' in this.problems}
                  @change=${() =>
                    this.change(
                      'scopes',
                      SCOPES.filter((one) =>
                        one === scope ? !scopes.includes(one) : scopes.includes(one),
                      ),
                    )}
                />
                <label for=${scope}>${scopeText(scope)} <code class="quiet">${scope}</code></label>
              </div>`,
          )}
          ${below(this, 'scopes')}
        </div>
      </div>
      <rtc-secret-dialog></rtc-secret-dialog>`;
  }
}
