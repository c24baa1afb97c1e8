import { localized, msg, str } from '@lit/localize';
import { LitElement, css, html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import type { StepReport } from '../../../protocol/rest/step-report.ts';
import { styleProperties } from '../../../elements/parts/styles/template-bindings.ts';
import type { ConsoleContext } from '../../app/console-context.ts';
import { consoleStyles } from '../../parts/console-styles.ts';
import { listTable } from '../../parts/list-table.ts';
import { listStyles } from '../../parts/list-styles.ts';
import { stepSeconds, stepText } from '../calls/call-steps.ts';
import { Reading } from '../../parts/reading.ts';
import type { ReportView } from './report-query.ts';
import { reportsPageStyles } from './reports-page-styles.ts';

type Row = StepReport['steps'][number];

/** How long calls took from the press to the first picture. Not shown where no call has a first picture. */
@localized()
export class ReportSteps extends LitElement {
  static override styles = [
    consoleStyles,
    listStyles,
    reportsPageStyles,
    css`
      :host {
        display: block;
        margin-top: 24px;
      }
      .distribution {
        display: grid;
        grid-template-columns: max-content 1fr max-content;
        gap: 6px 12px;
        align-items: center;
        margin: 0 0 16px;
        font-variant-numeric: tabular-nums;
      }
      dt,
      dd {
        margin: 0;
      }
      .bar {
        block-size: 14px;
        inline-size: calc(var(--part) * 100%);
        min-inline-size: 2px;
        border-radius: 3px;
        background: var(--wa-color-brand-fill-loud);
      }
    `,
  ];

  @property({ attribute: false }) context!: ConsoleContext;
  /** The time and the group of the page. */
  @property({ attribute: false }) view!: Pick<ReportView, 'from' | 'to' | 'group'>;

  readonly #part = new Reading<StepReport>(this, '/reports/steps', () => {
    const { from, to, group } = this.view;
    return { from, to, ...(group && { group }) };
  });

  protected override render() {
    const { answer: report, problem } = this.#part;
    if (problem) return html`<p role="alert">${problem}</p>`;
    if (!report || report.steps.every(({ calls }) => calls === 0)) return nothing;
    const title = msg('From the press to the first picture');
    return html`<div>
      <div class="span"><h2>${title}</h2></div>
      ${this.#distribution(report)}
      <div class="list" tabindex="0" role="region" aria-label=${title}>${this.#table(report)}</div>
    </div>`;
  }

  /** The calls by the time that does not wait for people. */
  #distribution({ setup }: StepReport) {
    const most = Math.max(1, ...setup.map(({ calls }) => calls));
    return html`<p class="quiet">
        ${msg('Calls by the time that does not wait for people: without the queue and the ringing.')}
      </p>
      <dl class="distribution">
        ${setup.map(({ below, calls }, index) => {
          const above = setup[index - 1]?.below ?? 0;
          const label =
            below === null
              ? msg(str`${stepSeconds(above)} and more`)
              : msg(str`Below ${stepSeconds(below)}`);
          return html`<dt>${label}</dt>
            <dd aria-hidden="true">
              <div class="bar" ${styleProperties({ '--part': String(calls / most) })}></div>
            </dd>
            <dd>${calls}</dd>`;
        })}
      </dl>`;
  }

  #table({ steps }: StepReport) {
    const seconds = (label: string, read: (row: Row) => number | null) => ({
      label,
      align: 'end' as const,
      render: (row: Row) => stepSeconds(read(row)),
    });
    return listTable<Row>({
      definition: {
        heading: msg('From the press to the first picture'),
        path: '/reports/steps',
        filters: [],
        columns: [
          { label: msg('Step'), render: ({ step }) => stepText(step) },
          { label: msg('Calls'), align: 'end', render: ({ calls }) => String(calls) },
          seconds(msg('Median'), ({ median }) => median),
          seconds('90 %', ({ p90 }) => p90),
          seconds('99 %', ({ p99 }) => p99),
        ],
        empty: { title: '', text: '' },
      },
      items: steps,
      order: '',
      sort: () => {},
      reload: this.#part.load,
    });
  }
}
