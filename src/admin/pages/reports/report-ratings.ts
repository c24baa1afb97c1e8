import { localized, msg } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { RatingReport, RatingReportQuery } from '../../../protocol/rest/rating-report.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import { consoleStyles, fieldStyles } from '../../parts/console-styles.ts';
import { listTable } from '../../parts/list-table.ts';
import { listStyles } from '../../parts/list-styles.ts';
import { errorText } from '../../rest/error-text.ts';
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
  @state() private report: RatingReport | null = null;
  @state() private problem = '';
  #asked = '';
  #stop = new AbortController();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
    this.#asked = '';
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    const { from, to, group } = this.view;
    const asked = JSON.stringify([from, to, group, this.by]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    void this.#load();
  }

  readonly #load = async (): Promise<void> => {
    this.#stop.abort();
    const { signal } = (this.#stop = new AbortController());
    const { from, to, group } = this.view;
    const query = { from, to, by: this.by, ...(group && { group }) };
    try {
      const report = await this.context.rest.get<RatingReport>('/reports/ratings', query, signal);
      if (signal.aborted) return;
      this.report = report;
      this.problem = '';
    } catch (error) {
      if (!signal.aborted) this.problem = errorText(error);
    }
  };

  protected override render() {
    const { report, problem, by } = this;
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
      reload: this.#load,
    });
  }
}

const averageText = (average: number | null): string =>
  average === null ? '–' : NUMBER.format(average);
