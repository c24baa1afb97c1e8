import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type {
  MadeWebhook,
  NewWebhook,
  Webhook,
  WebhookChange,
} from '../../../protocol/rest/webhooks.ts';
import { below, checkField, textField } from '../../parts/fields.ts';
import { FormPage } from '../../parts/form-page.ts';
import type { SecretDialog } from '../../parts/secret-dialog.ts';
import { dateTimeText } from '../../parts/time-texts.ts';
import { errorText } from '../../rest/error-text.ts';
import type { Versioned } from '../../rest/rest-client.ts';
import { WEBHOOK_TYPES, webhookTypeText } from './webhook-type-texts.ts';

type WebhookValue = Pick<Webhook, 'url' | 'description' | 'types' | 'enabled'>;

/** The page of one webhook, and the page that makes one. */
export class WebhookForm extends FormPage<WebhookValue> {
  #webhook: Webhook | null = null;

  protected get heading(): string {
    return this.key === null ? msg('New webhook') : msg('Webhook');
  }

  protected blank(): WebhookValue {
    return { url: 'https://', description: '', types: null, enabled: true };
  }

  protected async read(key: string, signal: AbortSignal): Promise<Versioned<WebhookValue>> {
    return this.#hold(await this.context.rest.read<Webhook>(`/webhooks/${key}`, {}, signal));
  }

  #hold({ body, etag }: Versioned<Webhook>): Versioned<WebhookValue> {
    this.#webhook = body;
    const { url, description, types, enabled } = body;
    return { body: { url, description, types, enabled }, etag };
  }

  protected async create({ url, description, types }: WebhookValue): Promise<string> {
    const body: NewWebhook = { url: url.trim(), description, types };
    const made = await this.context.rest.send<MadeWebhook>('/webhooks', { method: 'POST', body });
    await this.#showSecret(made.body.secret);
    return `/admin/webhooks/${made.body.webhook.id}`;
  }

  protected async write(
    key: string,
    changes: Partial<WebhookValue>,
    etag: string,
  ): Promise<Versioned<WebhookValue>> {
    const body: WebhookChange = changes;
    const request = { method: 'PATCH', body, ifMatch: etag } as const;
    return this.#hold(await this.context.rest.send<Webhook>(`/webhooks/${key}`, request));
  }

  protected check({ url, types }: WebhookValue): Record<string, string> {
    const address = URL.canParse(url.trim()) ? new URL(url.trim()) : null;
    return {
      ...((address?.protocol !== 'https:' || !address.hostname.includes('.')) && {
        url: msg('Enter an address that begins with https://'),
      }),
      ...(types?.length === 0 && { types: msg('Choose at least one event.') }),
    };
  }

  protected label(name: string): string {
    const labels: Record<string, string> = {
      url: msg('Address'),
      description: msg('Description'),
      types: msg('Events'),
      enabled: msg('On'),
    };
    return labels[name] ?? name;
  }

  protected override fieldOf(code: string): string | null {
    return code === 'bad-message' ? 'url' : null;
  }

  protected auditSubject(): string {
    return `webhook:${this.key}`;
  }

  protected override renderActions(): TemplateResult | typeof nothing {
    if (this.key === null) return nothing;
    return html`<wa-button appearance="outlined" href="/admin/webhooks/${this.key}/deliveries">
        ${msg('Deliveries')}
      </wa-button>
      <wa-button
        appearance="outlined"
        ?disabled=${this.#webhook?.enabled !== true}
        @click=${this.#sendTest}
      >
        ${msg('Send a test')}
      </wa-button>
      <wa-button appearance="outlined" @click=${this.#replaceSecret}>
        ${msg('Replace the secret')}
      </wa-button>
      <wa-button appearance="outlined" variant="danger" @click=${this.#delete}>
        <wa-icon slot="start" name="trash"></wa-icon>${msg('Delete')}
      </wa-button>`;
  }

  protected renderFields(): TemplateResult {
    const { types } = this.value;
    return html`<div class="card section">
        <div class="fields">
          ${textField(this, {
            name: 'url',
            label: this.label('url'),
            maxLength: 2048,
            wide: true,
            hint: msg('A public HTTPS address of your own server.'),
          })}
          ${textField(this, {
            name: 'description',
            label: this.label('description'),
            maxLength: 200,
            wide: true,
            optional: true,
          })}
          ${
            this.key === null
              ? nothing
              : checkField(this, {
                  name: 'enabled',
                  label: this.label('enabled'),
                  wide: true,
                  hint: msg('While it is off, events are not kept for it.'),
                })
          }
        </div>
        ${this.#renderOverlap()}
      </div>
      <div class="card section">
        <h2>${this.label('types')}</h2>
        <div class="check">
          <input
            type="checkbox"
            id="all-types"
            .checked=${live(types === null)}
            @change=${() => this.change('types', types === null ? [] : null)}
          />
          <label for="all-types">${msg('All events, also those of later versions')}</label>
        </div>
        ${types === null ? nothing : this.#renderTypes(types)}
      </div>
      <rtc-secret-dialog></rtc-secret-dialog>`;
  }

  #renderTypes(types: NonNullable<WebhookValue['types']>) {
    return html`<div role="group" aria-label=${this.label('types')} class="section">
      ${WEBHOOK_TYPES.map(
        (type) =>
          html`<div class="check">
            <input
              type="checkbox"
              id=${type}
              .checked=${live(types.includes(type))}
              aria-invalid=${'types' in this.problems}
              @change=${() =>
                this.change(
                  'types',
                  WEBHOOK_TYPES.filter((one) =>
                    one === type ? !types.includes(one) : types.includes(one),
                  ),
                )}
            />
            <label for=${type}>${webhookTypeText(type)} <code class="quiet">${type}</code></label>
          </div>`,
      )}
      ${below(this, 'types')}
    </div>`;
  }

  #renderOverlap() {
    const until = this.#webhook?.previousSecretUntil ?? null;
    if (until === null) return nothing;
    return html`<p class="quiet">
      ${msg(str`Until ${dateTimeText(until)} events are also signed with the secret before.`)}
    </p>`;
  }

  readonly #sendTest = async (): Promise<void> => {
    try {
      await this.context.rest.send(`/webhooks/${this.key}/test`, { method: 'POST' });
      this.context.notify(msg('The test is being sent. “Deliveries” shows the answer.'));
    } catch (error) {
      this.problems = { '': errorText(error) };
    }
  };

  readonly #replaceSecret = async (): Promise<void> => {
    const confirmed = await this.context.confirm({
      title: msg('Replace the secret?'),
      text: msg(
        'For 24 hours events are signed with both secrets, so that you can change your server in peace.',
      ),
      action: msg('Replace'),
      danger: true,
    });
    if (!confirmed) return;
    try {
      const request = { method: 'POST', body: {}, ifMatch: this.etag } as const;
      const path = `/webhooks/${this.key}/secret`;
      const made = await this.context.rest.send<MadeWebhook>(path, request);
      await this.#showSecret(made.body.secret);
      if (!this.isChanged) await this.load();
    } catch (error) {
      this.problems = { '': errorText(error) };
    }
  };

  #showSecret(secret: string): Promise<void> {
    const dialog = this.renderRoot.querySelector<SecretDialog>('rtc-secret-dialog');
    return dialog!.show({
      title: msg('The secret of the webhook'),
      text: msg('Your server checks signatures with it. Copy it now. It is not shown again.'),
      value: secret,
    });
  }

  readonly #delete = async (): Promise<void> => {
    const confirmed = await this.context.confirm({
      title: msg('Delete this webhook?'),
      text: msg('Its deliveries are deleted too. What waits is not sent any more.'),
      action: msg('Delete'),
      danger: true,
    });
    if (!confirmed) return;
    try {
      const request = { method: 'DELETE', ifMatch: this.etag } as const;
      await this.context.rest.send(`/webhooks/${this.key}`, request);
      this.context.notify(msg('Deleted.'));
      this.context.go('/admin/webhooks', { replace: true });
    } catch (error) {
      this.problems = { '': errorText(error) };
    }
  };
}
