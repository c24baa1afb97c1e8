import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { Hours, HoursChange, NewHours } from '../../../protocol/rest/hours.ts';
import { below, selectField } from '../../parts/fields.ts';
import { FormPage } from '../../parts/form-page.ts';
import { errorText } from '../../rest/error-text.ts';
import type { Versioned } from '../../rest/rest-client.ts';
import { checkNamed, namedFields } from '../named-fields.ts';
import { timeZoneOptions } from '../time-zones.ts';
import type { ExceptionsChangedEvent } from './exceptions-editor.ts';
import type { WeekChangedEvent } from './weekly-table-editor.ts';

/** What the form holds of hours. */
type HoursValue = Pick<Hours, 'id' | 'name' | 'timeZone' | 'open' | 'exceptions'>;

/** The page of one weekly table with its holidays, and the page that makes one. */
export class HoursForm extends FormPage<HoursValue> {
  #hours: Hours | null = null;

  protected get heading(): string {
    return this.key === null ? msg('New hours') : (this.#hours?.name ?? '');
  }

  protected override get readOnly(): boolean {
    const { may, groups } = this.context.session;
    if (may.routing === 'site') return false;
    const used = this.#hours?.groups ?? [];
    const isOwn = used.length > 0 && used.every((group) => groups.includes(group));
    return !(may.routing === 'groups' && isOwn);
  }

  protected blank(): HoursValue {
    const open = [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' }];
    return { id: '', name: '', timeZone: null, open, exceptions: [] };
  }

  protected async read(key: string, signal: AbortSignal): Promise<Versioned<HoursValue>> {
    return this.#hold(await this.context.rest.read<Hours>(`/hours/${key}`, {}, signal));
  }

  #hold({ body, etag }: Versioned<Hours>): Versioned<HoursValue> {
    this.#hours = body;
    const { id, name, timeZone, open, exceptions } = body;
    return { body: { id, name, timeZone, open, exceptions }, etag };
  }

  protected async create(body: HoursValue): Promise<string> {
    const hours: NewHours = body;
    await this.context.rest.send('/hours', { method: 'POST', body: hours });
    return `/admin/hours/${body.id}`;
  }

  protected async write(
    key: string,
    { id: _fixed, ...body }: Partial<HoursValue>,
    etag: string,
  ): Promise<Versioned<HoursValue>> {
    const change: HoursChange = body;
    const request = { method: 'PATCH', body: change, ifMatch: etag } as const;
    return this.#hold(await this.context.rest.send<Hours>(`/hours/${key}`, request));
  }

  protected check(value: HoursValue): Record<string, string> {
    const { open, exceptions } = value;
    return {
      ...checkNamed(value),
      ...(open.some(({ days }) => days.length === 0) && {
        open: msg('Choose at least one day for each span.'),
      }),
      ...(exceptions.some(({ name }) => name.trim() === '') && {
        exceptions: msg('Enter a name for each exception.'),
      }),
      ...(exceptions.some(({ date, until }) => until !== undefined && until < date) && {
        exceptions: msg('The last day of an exception is before its first day.'),
      }),
    };
  }

  protected label(name: string): string {
    const labels: Record<string, string> = {
      name: msg('Name'),
      timeZone: msg('Time zone'),
      open: msg('Week'),
      exceptions: msg('Holidays and exceptions'),
    };
    return labels[name] ?? name;
  }

  protected override fieldOf(code: string): string | null {
    return code === 'taken' ? 'id' : null;
  }

  protected auditSubject(): string {
    return `hours:${this.key}`;
  }

  protected override renderActions(): TemplateResult | typeof nothing {
    if (this.key === null || this.context.session.may.routing !== 'site') return nothing;
    return html`<wa-button appearance="outlined" variant="danger" @click=${this.#delete}>
      <wa-icon slot="start" name="trash"></wa-icon>${msg('Delete')}
    </wa-button>`;
  }

  protected renderFields(): TemplateResult {
    const { open, exceptions } = this.value;
    const zone = this.context.session.site.timeZone;
    return html`
      <div class="card section">
        <div class="fields">
          ${namedFields(this)}
          ${selectField(this, {
            name: 'timeZone',
            label: this.label('timeZone'),
            options: [
              { value: '', label: msg(str`That of the site (${zone})`) },
              ...timeZoneOptions(this.value.timeZone),
            ],
          })}
        </div>
      </div>
      <div class="card section">
        <div>
          <h2>${this.label('open')}</h2>
          <p class="quiet">${msg('A span that ends before it begins lasts past midnight.')}</p>
        </div>
        <rtc-weekly-table-editor
          .open=${open}
          ?disabled=${this.readOnly}
          @week-changed=${({ open: week }: WeekChangedEvent) => this.change('open', week)}
        ></rtc-weekly-table-editor>
        ${below(this, 'open')}
      </div>
      <div class="card section">
        <div>
          <h2>${this.label('exceptions')}</h2>
          <p class="quiet">${msg('On these days the exception holds instead of the week.')}</p>
        </div>
        <rtc-exceptions-editor
          .exceptions=${exceptions}
          ?disabled=${this.readOnly}
          @exceptions-changed=${({ exceptions: days }: ExceptionsChangedEvent) =>
            this.change('exceptions', days)}
        ></rtc-exceptions-editor>
        ${below(this, 'exceptions')}
      </div>
    `;
  }

  readonly #delete = async (): Promise<void> => {
    const confirmed = await this.context.confirm({
      title: msg(str`Delete ${this.#hours?.name ?? ''}?`),
      text: msg('Hours that a group uses cannot be deleted.'),
      action: msg('Delete'),
      danger: true,
    });
    if (!confirmed) return;
    try {
      const request = { method: 'DELETE', ifMatch: this.etag } as const;
      await this.context.rest.send(`/hours/${this.key}`, request);
      this.context.notify(msg('Deleted.'));
      this.context.go('/admin/hours', { replace: true });
    } catch (error) {
      this.problems = { '': errorText(error) };
    }
  };
}
