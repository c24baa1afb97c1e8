import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import type { ReportQuery } from '../../../protocol/rest/reports.ts';
import type { Option } from '../../parts/fields.ts';
import { isDay, spanOf, type Interval, type Period } from './report-period.ts';
import type { ReportView } from './report-query.ts';
import { byOptions, intervalOptions, periodOptions } from './report-texts.ts';

interface ReportFilters {
  readonly view: ReportView;
  readonly today: string;
  readonly groups: readonly Option[];
  show(view: ReportView): void;
}

/** The fields above a report. */
export function reportFilters({ view, today, groups, show }: ReportFilters) {
  const period = (value: string) => {
    const chosen = value as Period;
    // A range begins as what is shown; anything else has the first day of it, and today where that is shown.
    if (chosen === 'range') return show({ ...view, period: chosen });
    const day = view.from <= today && today <= view.to ? today : view.from;
    show({ ...view, period: chosen, ...spanOf(day, chosen) });
  };
  const group: readonly Option[] = [{ value: '', label: msg('All') }, ...groups];
  return html`<search class="filters" aria-label=${msg('Filters')}>
    ${choice('period', msg('Period'), periodOptions(), view.period, period)}
    ${
      view.period === 'range'
        ? html`${day('from', msg('From day'), view.from, (from) =>
            show({ ...view, from, to: from > view.to ? from : view.to }),
          )}
          ${day('to', msg('To day'), view.to, (to) =>
            show({ ...view, to, from: to < view.from ? to : view.from }),
          )}`
        : nothing
    }
    ${choice('by', msg('By'), byOptions(), view.by, (by) =>
      show({ ...view, by: by as ReportQuery['by'] }),
    )}
    ${choice('interval', msg('Over time'), intervalOptions(), view.interval ?? '', (interval) =>
      show({ ...view, interval: (interval || null) as Interval | null }),
    )}
    ${choice('group', msg('Skill group'), group, view.group, (id) => show({ ...view, group: id }))}
  </search>`;
}

function choice(
  name: string,
  label: string,
  options: readonly Option[],
  value: string,
  choose: (value: string) => void,
) {
  return html`<div class="field">
    <label for=${name}>${label}</label>
    <select
      id=${name}
      @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
    >
      ${options.map(
        (option) =>
          html`<option value=${option.value} .selected=${live(option.value === value)}>
            ${option.label}
          </option>`,
      )}
    </select>
  </div>`;
}

/** A day that is not whole yet, while somebody types, changes nothing. */
function day(name: string, label: string, value: string, choose: (day: string) => void) {
  return html`<div class="field">
    <label for=${name}>${label}</label>
    <input
      id=${name}
      type="date"
      .value=${live(value)}
      @change=${(event: Event) => {
        const entered = (event.target as HTMLInputElement).value;
        if (isDay(entered)) choose(entered);
      }}
    />
  </div>`;
}
