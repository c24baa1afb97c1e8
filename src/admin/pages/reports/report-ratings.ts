import { localized, msg } from '@lit/localize';
import { LitElement, html, nothing } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { RatingReport, RatingReportQuery } from '../../../protocol/rest/rating-report.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import { consoleStyles, fieldStyles } from '../../parts/console-styles.ts';
import { listTable } from '../../parts/list-table.ts';
import { listStyles } from '../../parts/list-styles.ts';
import { Reading } from '../../parts/reading.ts';
import type { ReportView } from './report-query.ts';
import { reportsPageStyles } from './reports-page-styles.ts';
import { dayText } from './report-texts.ts';

type By = RatingReportQuery['by'];
type Row = RatingReport['rows'][number];

const NUMBER = new Intl.NumberFormat(undefined, {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** How visitors rated the calls of the report's time: how many, and the average. Not shown without ratings. */
@localized()
export class ReportRatings extends LitElement {
  static override styles = [consoleStyles, fieldStyles, listStyles, reportsPageStyles];

  @property({ attribute: false }) context!: ConsoleContext;
  /** The time and the group of the page. */
  @property({ attribute: false }) view!: Pick<ReportView, 'from' | 'to' | 'group'>;

  @state() private by: By = 'group';
  readonly #part = new Reading<RatingReport>(this, '/reports/ratings', () => {
    const { from, to, group } = this.view;
    return { from, to, by: this.by, ...(group && { group }) };
  });

  protected override render() {
    const { by } = this;
    const { answer: report, problem } = this.#part;
    if (problem) return html`<p role="alert">${problem}</p>`;
    if (!report || report.total.ratings === 0) return nothing;
    return html`<div>
      <div class="span">
        <h2>${msg('Ratings')}</h2>
        <select
          aria-label=${msg('Ratings by')}
          @change=${(event: Event) => (this.by = (event.target as HTMLSelectElement).value as By)}
        >
          ${(
            [
              ['group', msg('Skill group')],
              ['agent', msg('Agent')],
              ['day', msg('Day')],
            ] as const
          ).map(
            ([value, text]) =>
              html`<option value=${value} ?selected=${value === by}>${text}</option>`,
          )}
        </select>
      </div>
      <div class="list" tabindex="0" role="region" aria-label=${msg('Ratings')}>
        ${this.#table(report)}
      </div>
    </div>`;
  }

  #table({ rows, total }: RatingReport) {
    const keyText = ({ key, name }: Row) =>
      key === null ? '–' : this.by === 'day' ? dayText(key) : (name ?? key);
    return listTable<Row | null>({
      definition: {
        heading: msg('Ratings'),
        path: '/reports/ratings',
        filters: [],
        columns: [
          {
            label: { group: msg('Skill group'), agent: msg('Agent'), day: msg('Day') }[this.by],
            render: (row) =>
              row ? keyText(row) : html`<span class="total">${msg('Total')}</span>`,
          },
          {
            label: msg('Ratings'),
            align: 'end',
            render: (row) => String((row ?? total).ratings),
          },
          {
            label: msg('Average of 5'),
            align: 'end',
            render: (row) => averageText((row ?? total).average),
          },
        ],
        empty: { title: '', text: '' },
      },
      items: [...rows, null],
      order: '',
      sort: () => {},
      reload: this.#part.load,
    });
  }
}

const averageText = (average: number | null): string =>
  average === null ? '–' : NUMBER.format(average);
