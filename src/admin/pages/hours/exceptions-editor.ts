import { localized, msg, str } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Hours } from '../../../protocol/rest/hours.ts';
import { consoleStyles, fieldStyles } from '../../parts/console-styles.ts';
import { formStyles } from '../../parts/form-styles.ts';

type Exception = Hours['exceptions'][number];

/** The exceptions of hours have changed. */
export class ExceptionsChangedEvent extends Event {
  constructor(readonly exceptions: readonly Exception[]) {
    super('exceptions-changed');
  }
}

const today = (): string => new Date().toISOString().slice(0, 10);
const SPAN = { from: '09:00', to: '12:00' };

/** Holidays and other days on which the weekly table does not hold. */
@localized()
export class ExceptionsEditor extends LitElement {
  static override styles = [
    consoleStyles,
    fieldStyles,
    formStyles,
    css`
      .exception {
        display: grid;
        gap: 12px;
        padding: 16px;
        border: 1px solid var(--wa-color-surface-border);
        border-radius: 8px;
      }
    `,
  ];

  @property({ attribute: false }) exceptions: readonly Exception[] = [];
  @property({ type: Boolean }) disabled = false;

  protected override render() {
    return html`<div class="lines">
        ${this.exceptions.map((exception, index) => this.#renderOne(exception, index))}
      </div>
      ${
        this.disabled
          ? nothing
          : html`<p>
              <wa-button
                appearance="outlined"
                size="s"
                @click=${() => this.#set([...this.exceptions, { name: '', date: today(), open: [] }])}
              >
                <wa-icon slot="start" name="plus"></wa-icon>${msg('Add an exception')}
              </wa-button>
            </p>`
      }`;
  }

  #renderOne(exception: Exception, index: number) {
    const change = (part: Partial<Exception>) =>
      this.#set(this.exceptions.map((one, at) => (at === index ? { ...one, ...part } : one)));
    const { until: _until, ...single } = exception;
    const name = exception.name || msg(str`Exception ${index + 1}`);
    return html`<div class="exception" role="group" aria-label=${name}>
      <div class="line">
        ${this.#input(`name-${index}`, 'text', msg('Name'), exception.name, (value) =>
          change({ name: value }),
        )}
        ${this.#input(`date-${index}`, 'date', msg('Day'), exception.date, (date) =>
          date ? change({ date }) : undefined,
        )}
        ${this.#input(
          `until-${index}`,
          'date',
          msg('Last day (optional)'),
          exception.until ?? '',
          (until) =>
            until
              ? change({ until })
              : this.#set(this.exceptions.map((one, at) => (at === index ? single : one))),
        )}
      </div>
      <div class="row">
        ${this.#check(`yearly-${index}`, msg('Every year'), exception.yearly === true, (yearly) =>
          change({ yearly }),
        )}
        ${this.#check(`closed-${index}`, msg('Closed'), exception.open.length === 0, (closed) =>
          change({ open: closed ? [] : [SPAN] }),
        )}
      </div>
      ${exception.open.map((span, at) => {
        const spans = (part: Partial<typeof span>) =>
          change({ open: exception.open.map((one, n) => (n === at ? { ...one, ...part } : one)) });
        return html`<div class="line">
          ${this.#input(`from-${index}-${at}`, 'time', msg('From'), span.from, (from) =>
            from ? spans({ from }) : undefined,
          )}
          ${this.#input(`to-${index}-${at}`, 'time', msg('Until'), span.to, (to) =>
            to ? spans({ to }) : undefined,
          )}
        </div>`;
      })}
      ${
        this.disabled
          ? nothing
          : html`<div class="row">
              ${
                exception.open.length > 0
                  ? html`<wa-button
                      appearance="plain"
                      size="s"
                      @click=${() => change({ open: [...exception.open, SPAN] })}
                    >
                      <wa-icon slot="start" name="plus"></wa-icon>${msg('Add a span')}
                    </wa-button>`
                  : nothing
              }
              <wa-button
                appearance="plain"
                size="s"
                @click=${() => this.#set(this.exceptions.filter((_, at) => at !== index))}
              >
                <wa-icon slot="start" name="trash"></wa-icon>${msg(str`Remove ${name}`)}
              </wa-button>
            </div>`
      }
    </div>`;
  }

  #input(
    id: string,
    type: 'text' | 'date' | 'time',
    label: string,
    value: string,
    set: (value: string) => void,
  ) {
    return html`<div class=${type === 'text' ? 'field' : 'field small'}>
      <label for=${id}>${label}</label>
      <input
        id=${id}
        type=${type}
        maxlength=${type === 'text' ? 80 : nothing}
        autocomplete="off"
        .value=${live(value)}
        ?disabled=${this.disabled}
        @change=${(event: Event) => set((event.target as HTMLInputElement).value)}
      />
    </div>`;
  }

  #check(id: string, label: string, checked: boolean, set: (on: boolean) => void) {
    return html`<div class="check">
      <input
        type="checkbox"
        id=${id}
        .checked=${live(checked)}
        ?disabled=${this.disabled}
        @change=${(event: Event) => set((event.target as HTMLInputElement).checked)}
      />
      <label for=${id}>${label}</label>
    </div>`;
  }

  #set(exceptions: readonly Exception[]): void {
    this.dispatchEvent(new ExceptionsChangedEvent(exceptions));
  }
}
