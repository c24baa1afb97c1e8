import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { RetentionPeriods } from '../../../protocol/rest/retention.ts';
import { numberField } from '../../parts/fields.ts';
import { FormPage } from '../../parts/form-page.ts';
import type { Versioned } from '../../rest/rest-client.ts';

const PERIODS = ['chatDays', 'pictureDays', 'recordingDays', 'callDays', 'auditDays'] as const;
const MAX_DAYS = 3_650;

/** The page `How long data are kept`, which the site's page leads to. For owners. */
export class RetentionPage extends FormPage<RetentionPeriods> {
  protected get heading(): string {
    return msg('How long data are kept');
  }

  protected blank(): RetentionPeriods {
    throw new Error('The site always has its periods.');
  }

  protected create(): Promise<string> {
    throw new Error('The site always has its periods.');
  }

  protected read(_key: string, signal: AbortSignal): Promise<Versioned<RetentionPeriods>> {
    return this.context.rest.read<RetentionPeriods>('/retention', {}, signal);
  }

  protected async write(_key: string, changes: Partial<RetentionPeriods>, etag: string) {
    const request = { method: 'PATCH', body: changes, ifMatch: etag } as const;
    return this.context.rest.send<RetentionPeriods>('/retention', request);
  }

  protected check(value: RetentionPeriods): Record<string, string> {
    const wrong = PERIODS.filter(
      (name) => !Number.isInteger(value[name]) || value[name] < 1 || value[name] > MAX_DAYS,
    );
    return Object.fromEntries(
      wrong.map((name) => [name, msg(str`Enter a whole number from 1 to ${MAX_DAYS}.`)]),
    );
  }

  protected label(name: string): string {
    const labels: Record<string, string> = {
      chatDays: msg('Messages (days)'),
      pictureDays: msg('Pictures (days)'),
      recordingDays: msg('Recordings (days)'),
      callDays: msg('Calls (days)'),
      auditDays: msg('Audit log (days)'),
    };
    return labels[name] ?? name;
  }

  protected auditSubject(): null {
    return null;
  }

  protected renderFields(): TemplateResult {
    const hints: Record<(typeof PERIODS)[number], string> = {
      chatDays: msg('From the end of the conversation.'),
      pictureDays: msg('From the end of the conversation. Never longer than the messages.'),
      recordingDays: msg('From the end of the call. Never longer than the call.'),
      callDays: msg('From the end of the call, with everything that belongs to it.'),
      auditDays: msg('Also the records of erasures.'),
    };
    return html`<div class="card section">
        <p class="quiet">
          ${msg('Older data are deleted within minutes after you save, and cannot be brought back. The figures in the reports remain.')}
        </p>
        <div class="fields">
          ${PERIODS.map((name) => {
            const [label, hint] = [this.label(name), hints[name]];
            return numberField(this, { name, label, hint, min: 1, max: MAX_DAYS });
          })}
        </div>
      </div>
      <rtc-erasure-list .context=${this.context}></rtc-erasure-list>`;
  }
}
