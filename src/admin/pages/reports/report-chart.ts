import { localized, msg, str } from '@lit/localize';
import { LitElement, css, html, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type UPlot from 'uplot';
import { errorText } from '../../rest/error-text.ts';
import { consoleStyles } from '../../parts/console-styles.ts';
import { chartOptions } from './chart-options.ts';
import type { Chart } from './report-charts.ts';

/** uPlot's style sheet, which the build copies. */
let styleSheet = '/admin-charts.css';

/** For a page that has uPlot's style sheet at another address. */
export function useChartStyles(address: string): void {
  styleSheet = address;
}

/** One chart, drawn by uPlot on a canvas. To a screen reader it is a picture; the table has its numbers. */
@localized()
export class ReportChart extends LitElement {
  static override styles = [
    consoleStyles,
    css`
      :host {
        min-width: 0;
      }
      h2 {
        margin-bottom: 12px;
        font-size: 16px;
        line-height: 24px;
      }
      .plot {
        min-height: 260px;
        overflow: hidden;
      }
      .u-legend {
        font-size: 13px;
        text-align: start;
      }
    `,
  ];

  @property({ attribute: false }) chart!: Chart;
  @state() private problem = '';

  @query('.plot') private readonly box!: HTMLElement;

  #plot: UPlot | null = null;
  /** Which drawing is the last: an earlier one that waits for uPlot is dropped. */
  #drawing = 0;

  /** In the next frame: a change of sizes inside of the observer's own round is an error of the page. */
  readonly #sizes = new ResizeObserver(() => {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#fit());
  });
  #frame = 0;
  /** A canvas does not follow the colours of the page. */
  readonly #theme = new MutationObserver(() => void this.#draw());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#theme.observe(document.documentElement, { attributeFilter: ['class'] });
    if (this.hasUpdated) this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#theme.disconnect();
    this.#sizes.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#drawing += 1;
    this.#plot?.destroy();
    this.#plot = null;
  }

  protected override firstUpdated(): void {
    this.#begin();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('chart') && changed.get('chart') !== undefined) void this.#draw();
  }

  #begin(): void {
    this.#sizes.observe(this.box);
    void this.#draw();
  }

  #fit(): void {
    const width = Math.floor(this.box.clientWidth);
    if (this.#plot && width > 0 && width !== this.#plot.width) {
      this.#plot.setSize({ width, height: this.#plot.height });
    }
  }

  async #draw(): Promise<void> {
    const drawing = (this.#drawing += 1);
    try {
      const { default: Plot } = await import('uplot');
      if (drawing !== this.#drawing) return;
      this.#plot?.destroy();
      const isDark = document.documentElement.classList.contains('wa-dark');
      const width = Math.max(200, Math.floor(this.box.clientWidth));
      const { options, data } = chartOptions(Plot, this.chart, { width, isDark });
      this.#plot = new Plot(options, data, this.box);
    } catch (error) {
      if (drawing === this.#drawing) this.problem = errorText(error);
    }
  }

  protected override render() {
    const { heading, series } = this.chart;
    const names = series.map(({ label }) => label).join(', ');
    return html`<link rel="stylesheet" href=${styleSheet} />
      <h2>${heading}</h2>
      ${this.problem ? html`<p role="alert">${this.problem}</p>` : ''}
      <div
        class="plot"
        role="img"
        aria-label=${msg(str`Chart of ${heading}: ${names}. The table below has the numbers.`)}
      ></div>`;
  }
}
