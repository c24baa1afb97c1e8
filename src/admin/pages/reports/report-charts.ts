import { msg } from '@lit/localize';
import type { Report, ReportRow } from '../../../protocol/rest/reports.ts';
import { figure, type Figure } from './report-figures.ts';
import { startsOf } from './report-period.ts';
import { axisText, byText, hourText, keyText, type Unit } from './report-texts.ts';

export interface ChartSeries {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

export interface Chart {
  readonly heading: string;
  readonly unit: Unit;
  /** What the categories are: skill groups, agents, times. */
  readonly what: string;
  /** Bars compare things; lines go over time. */
  readonly kind: 'bars' | 'lines';
  readonly categories: readonly string[];
  readonly series: readonly ChartSeries[];
}

/** More of them cannot be told apart. The table has all. */
const MAX_BARS = 20;
const MAX_LINES = 6;

interface Group {
  readonly heading: string;
  readonly figures: readonly Figure[];
}

function groupsOf(by: Report['by']): readonly Group[] {
  const times: Group = {
    heading: msg('Talk and handling'),
    figures: [
      figure('averageTalk'),
      figure('averageHandling'),
      figure('medianHandling'),
      figure('p90Handling'),
    ],
  };
  if (by === 'disposition') {
    return [{ heading: msg('Handled'), figures: [figure('handled')] }, times];
  }
  if (by === 'agent') {
    const figures = [figure('handled'), figure('missed'), figure('declined')];
    return [{ heading: msg('Offers and talks'), figures }, times];
  }
  return [
    {
      heading: msg('Volumes'),
      figures: [figure('offered'), figure('answered'), figure('abandoned')],
    },
    {
      heading: msg('Service level and abandonment'),
      figures: [figure('serviceLevel'), figure('abandonment')],
    },
    {
      heading: msg('Waits'),
      figures: [
        figure('averageWait'),
        figure('medianWait'),
        figure('p90Wait'),
        figure('longestWait'),
      ],
    },
    times,
  ];
}

const volume = (row: ReportRow, by: Report['by']): number =>
  by === 'agent' || by === 'disposition' ? row.handled : row.offered;

/** The charts of a report. They show numbers of its table and nothing else. */
export function chartsOf(report: Report): readonly Chart[] {
  return report.interval === null ? barCharts(report) : lineCharts(report);
}

/** For each group of figures one chart, with bars for each row. */
function barCharts({ by, rows }: Report): readonly Chart[] {
  const shown = by === 'hour' ? hours(rows) : largest(rows, by);
  const categories = shown.map((row) =>
    typeof row === 'number' ? hourText(row) : keyText(by, row),
  );
  return groupsOf(by).map(({ heading, figures }) => ({
    heading,
    unit: figures[0]?.unit ?? 'count',
    what: byText(by),
    kind: 'bars',
    categories,
    series: figures.map(({ name, label }) => ({
      label,
      values: shown.map((row) => (typeof row === 'number' ? null : row[name])),
    })),
  }));
}

/** From the first hour with calls to the last; a number stands for an hour without any. */
function hours(rows: readonly ReportRow[]): readonly (ReportRow | number)[] {
  const byHour = new Map(rows.map((row) => [Number(row.key), row]));
  const [first, last] = [Math.min(...byHour.keys()), Math.max(...byHour.keys())];
  return Array.from({ length: last - first + 1 }, (_, i) => byHour.get(first + i) ?? first + i);
}

/** In the order of the table. */
function largest(rows: readonly ReportRow[], by: Report['by']): readonly ReportRow[] {
  const chosen = new Set(
    [...rows].sort((a, b) => volume(b, by) - volume(a, by)).slice(0, MAX_BARS),
  );
  return rows.filter((row) => chosen.has(row) && volume(row, by) > 0);
}

/** For each figure one chart, with a line for each of the things that have most calls. */
function lineCharts({ by, rows, interval, from, to }: Report): readonly Chart[] {
  if (interval === null) return [];
  const starts = startsOf({ from, to }, interval);
  const lines = new Map<string | null, Map<string, ReportRow>>();
  for (const row of rows) {
    const line = lines.get(row.key) ?? new Map<string, ReportRow>();
    lines.set(row.key, line.set(row.start, row));
  }
  const total = (line: Map<string, ReportRow>) =>
    [...line.values()].reduce((sum, row) => sum + volume(row, by), 0);
  const shown = [...lines.values()]
    .filter((line) => total(line) > 0)
    .sort((a, b) => total(b) - total(a))
    .slice(0, MAX_LINES);
  return groupsOf(by).flatMap(({ figures }) =>
    figures.map(({ name, label, unit }) => ({
      heading: label,
      unit,
      what: msg('Time'),
      kind: 'lines' as const,
      categories: starts.map((start) => axisText(start, interval)),
      series: shown.map((line) => {
        const [any] = line.values();
        return {
          label: any ? keyText(by, any) : '',
          values: starts.map((start) => line.get(start)?.[name] ?? (unit === 'count' ? 0 : null)),
        };
      }),
    })),
  );
}
