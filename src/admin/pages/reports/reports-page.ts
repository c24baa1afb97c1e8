import { localized, msg, str } from '@lit/localize';
import { LitElement, html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { Report } from '../../../protocol/rest/reports.ts';
import type { SkillGroup } from '../../../protocol/rest/skill-groups.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import { consoleStyles, fieldStyles } from '../../parts/console-styles.ts';
import type { Option } from '../../parts/fields.ts';
import { listStyles } from '../../parts/list-styles.ts';
import { errorText } from '../../rest/error-text.ts';
import { loadAll } from '../load-all.ts';
import { chartsOf } from './report-charts.ts';
import { reportFilters } from './report-filters.ts';
import { todayIn } from './report-period.ts';
import { moveView, readView, restQuery, viewQuery, type ReportView } from './report-query.ts';
import { reportTable } from './report-table.ts';
import { dayText } from './report-texts.ts';
import { reportsPageStyles } from './reports-page-styles.ts';

type State =
  | { readonly name: 'loading' }
  | { readonly name: 'failed'; readonly text: string }
  | { readonly name: 'ready'; readonly report: Report };

/** The page `Reports`. The query of the address holds what it shows. */
@localized()
export class ReportsPage extends LitElement {
  static override styles = [consoleStyles, fieldStyles, listStyles, reportsPageStyles];

  @property({ attribute: false }) context!: ConsoleContext;
  /** The query of the page's address. */
  @property() search = '';

  @state() private state: State = { name: 'loading' };
  /** Another report is being loaded. The old one is shown until it is there. */
  @state() private busy = false;
  @state() private groups: readonly Option[] = [];

  #stop = new AbortController();
  #gone = new AbortController();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#gone = new AbortController();
    void this.#loadGroups(this.#gone.signal);
    if (this.hasUpdated) void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
    this.#gone.abort();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('search') || !this.hasUpdated) void this.#load();
  }

  get #today(): string {
    return todayIn(this.context.session.site.timeZone);
  }

  get #view(): ReportView {
    return readView(this.search, this.#today);
  }

  async #loadGroups(signal: AbortSignal): Promise<void> {
    try {
      const groups = await loadAll<SkillGroup>(this.context.rest, '/groups', {}, signal);
      this.groups = groups.map(({ id, name }) => ({ value: id, label: name }));
    } catch (error) {
      if (!signal.aborted) this.context.notify(errorText(error));
    }
  }

  readonly #load = async (): Promise<void> => {
    this.#stop.abort();
    const { signal } = (this.#stop = new AbortController());
    this.busy = true;
    try {
      const query = restQuery(this.#view);
      const report = await this.context.rest.get<Report>('/reports', query, signal);
      if (signal.aborted) return;
      this.state = { name: 'ready', report };
    } catch (error) {
      if (signal.aborted) return;
      this.state = { name: 'failed', text: errorText(error) };
    }
    this.busy = false;
  };

  readonly #show = (view: ReportView): void => {
    this.context.go(`/admin/reports${viewQuery(view, this.#today)}`);
  };

  protected override render() {
    const view = this.#view;
    const csv = this.context.rest.address('/reports', { ...restQuery(view), format: 'csv' });
    return html`<div class="page-head">
        <div>
          <h1 tabindex="-1">${msg('Reports')}</h1>
          <p class="quiet">
            ${msg('How many calls came, how long they waited and how long they took.')}
          </p>
        </div>
        <wa-button appearance="outlined" href=${csv} download>
          <wa-icon slot="start" name="download"></wa-icon>${msg('Export CSV')}
        </wa-button>
      </div>
      ${reportFilters({ view, today: this.#today, groups: this.groups, show: this.#show })}
      ${this.#renderSpan(view)}
      <div aria-busy=${this.busy}>${this.#renderState()}</div>
      <rtc-report-ratings .context=${this.context} .view=${view}></rtc-report-ratings>
      <rtc-report-steps .context=${this.context} .view=${view}></rtc-report-steps>`;
  }

  #renderSpan(view: ReportView) {
    const { from, to, period } = view;
    const text = from === to ? dayText(from) : `${dayText(from)} – ${dayText(to)}`;
    const step = (steps: 1 | -1, label: string, icon: string) =>
      html`<wa-button
        appearance="outlined"
        size="s"
        @click=${() => this.#show(moveView(view, steps))}
      >
        <wa-icon name=${icon} label=${label}></wa-icon>
      </wa-button>`;
    const isRange = period === 'range';
    return html`<div class="span">
      ${isRange ? nothing : step(-1, msg('Before'), 'chevron-left')}
      <h2>${text}</h2>
      ${isRange ? nothing : step(1, msg('After'), 'chevron-right')}
      <span class="quiet"> ${msg(str`Time zone: ${this.context.session.site.timeZone}`)} </span>
    </div>`;
  }

  #renderState() {
    const { state } = this;
    if (state.name === 'loading') {
      return html`<div class="list">
        <div class="skeleton" role="status">
          <span class="visually-hidden">${msg('Loading…')}</span>
          ${[1, 2, 3, 4, 5, 6].map(() => html`<span class="bar"></span>`)}
        </div>
      </div>`;
    }
    if (state.name === 'failed') {
      return html`<div class="list">
        <div class="message" role="alert">
          <wa-icon name="warning"></wa-icon>
          <p>${state.text}</p>
          <wa-button @click=${this.#load}>${msg('Try again')}</wa-button>
        </div>
      </div>`;
    }
    const { report } = state;
    if (report.rows.length === 0) {
      return html`<div class="list">
        <div class="message">
          <wa-icon name="empty"></wa-icon>
          <h2>${msg('No calls in this time')}</h2>
          <p class="quiet">${msg('A call is counted once it has ended.')}</p>
        </div>
      </div>`;
    }
    return html`<div class="charts">
        ${chartsOf(report).map(
          (chart) => html`<rtc-report-chart .chart=${chart}></rtc-report-chart>`,
        )}
      </div>
      <div class="list" tabindex="0" role="region" aria-label=${msg('Figures')}>
        ${reportTable(report, this.#load)}
      </div>
      <p class="notes quiet">
        ${msg('A call counts in the hour in which it was requested, and once it has ended. Service level: answered in time, of all that were answered or abandoned, without those abandoned early. The site’s settings have both times. Handling is talk and wrap-up.')}
      </p>`;
  }
}
