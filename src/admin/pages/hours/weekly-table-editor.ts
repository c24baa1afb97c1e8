import { localized, msg, str } from '@lit/localize';
import { LitElement, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { Hours } from '../../../protocol/rest/hours.ts';
import { consoleStyles, fieldStyles } from '../../parts/console-styles.ts';
import { formStyles } from '../../parts/form-styles.ts';
import { dayText } from './day-texts.ts';

type Span = Hours['open'][number];

/** The spans of a week have changed. */
export class WeekChangedEvent extends Event {
  constructor(readonly open: readonly Span[]) {
    super('week-changed');
  }
}

const DAYS = [1, 2, 3, 4, 5, 6, 7];
const WORKING_DAY: Span = { days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' };

/** A weekly table: spans, each on some days. A day may have several. */
@localized()
export class WeeklyTableEditor extends LitElement {
  static override styles = [consoleStyles, fieldStyles, formStyles];

  @property({ attribute: false }) open: readonly Span[] = [];
  @property({ type: Boolean }) disabled = false;

  protected override render() {
    return html`${
      this.open.length === 0
        ? html`<p class="quiet">
            ${msg('No spans: always closed, except where an exception opens.')}
          </p>`
        : html`<div class="lines">
            ${this.open.map((span, index) => this.#renderSpan(span, index))}
          </div>`
    }
    ${
      this.disabled
        ? nothing
        : html`<p>
            <wa-button
              appearance="outlined"
              size="s"
              @click=${() => this.#set([...this.open, WORKING_DAY])}
            >
              <wa-icon slot="start" name="plus"></wa-icon>${msg('Add a span')}
            </wa-button>
          </p>`
    }`;
  }

  #renderSpan(span: Span, index: number) {
    const change = (part: Partial<Span>) =>
      this.#set(this.open.map((one, at) => (at === index ? { ...one, ...part } : one)));
    const number = index + 1;
    return html`<div class="line" role="group" aria-label=${msg(str`Span ${number}`)}>
      <div class="days">
        ${DAYS.map((day) => {
          const on = span.days.includes(day);
          return html`<label class="chip">
            <input
              type="checkbox"
              .checked=${live(on)}
              ?disabled=${this.disabled}
              aria-label=${dayText(day, 'long')}
              @change=${() =>
                change({
                  days: DAYS.filter((one) => (one === day ? !on : span.days.includes(one))),
                })}
            />
            ${dayText(day, 'short')}
          </label>`;
        })}
      </div>
      ${this.#time(`from-${index}`, msg('From'), span.from, (from) => change({ from }))}
      ${this.#time(`to-${index}`, msg('Until'), span.to, (to) => change({ to }))}
      ${
        this.disabled
          ? nothing
          : html`<wa-button
              appearance="plain"
              size="s"
              @click=${() => this.#set(this.open.filter((_, at) => at !== index))}
            >
              <wa-icon name="trash" label=${msg(str`Remove span ${number}`)}></wa-icon>
            </wa-button>`
      }
    </div>`;
  }

  #time(id: string, label: string, value: string, set: (value: string) => void) {
    return html`<div class="field small">
      <label for=${id}>${label}</label>
      <input
        id=${id}
        type="time"
        .value=${live(value)}
        ?disabled=${this.disabled}
        @change=${(event: Event) => {
          const input = event.target as HTMLInputElement;
          if (input.value) set(input.value);
          else input.value = value;
        }}
      />
    </div>`;
  }

  #set(open: readonly Span[]): void {
    this.dispatchEvent(new WeekChangedEvent(open));
  }
}
