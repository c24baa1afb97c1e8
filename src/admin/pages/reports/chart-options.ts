import type UPlot from 'uplot';
import type { Chart } from './report-charts.ts';
import { figureText, type Unit } from './report-texts.ts';

/** Colours that can be told apart on the two backgrounds: at least 3:1 against each. */
const COLOURS = {
  light: ['#0b6c8e', '#c2571a', '#4c7d2c', '#8a4fbf', '#b3305f', '#6b6f76'],
  dark: ['#5cc3e6', '#f29b5f', '#8fcb62', '#c49bf0', '#f083a8', '#b4b8c0'],
};
const AXES = {
  light: { text: '#4a4f57', grid: '#e4e6ea' },
  dark: { text: '#b8bdc7', grid: '#353a42' },
};
const FONT = '12px system-ui, "PingFang SC", "Microsoft YaHei", sans-serif';
const HEIGHT = 240;
/** The part of a category that its bars take. */
const BARS_WIDTH = 0.76;
/** Of a label below the axis. */
const MAX_LABEL = 16;
const LABEL_CHARACTER_PX = 7;
/** Axes of times have these steps, in seconds. */
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];

interface Look {
  readonly width: number;
  readonly isDark: boolean;
}

/** What uPlot needs to draw a chart. The x values are the places of the categories: 0, 1, 2 … */
export function chartOptions(
  Plot: typeof UPlot,
  chart: Chart,
  { width, isDark }: Look,
): { readonly options: UPlot.Options; readonly data: UPlot.AlignedData } {
  const { categories, series, unit, kind, what } = chart;
  const colours = isDark ? COLOURS.dark : COLOURS.light;
  const places = categories.map((_, place) => place);
  const options: UPlot.Options = {
    width,
    height: HEIGHT,
    cursor: { drag: { x: false, y: false }, points: { show: kind === 'lines' } },
    scales: {
      x: { time: false, range: () => [-0.5, categories.length - 0.5] },
      y: { range: (_, _min, max) => [0, topOf(max, unit)] },
    },
    axes: axesOf(chart, isDark),
    series: [
      { label: what, value: (_, place) => (place === null ? '' : (categories[place] ?? '')) },
      ...series.map(({ label }, index) => {
        const stroke = colours[index % colours.length] ?? '';
        const common = {
          label,
          stroke,
          value: (_: UPlot, value: number | null) => figureText(value, unit),
        };
        return kind === 'bars'
          ? {
              ...common,
              fill: stroke,
              width: 0,
              points: { show: false },
              paths: bars(Plot, chart, index),
            }
          : { ...common, width: 2, points: { show: true, size: 6 } };
      }),
    ],
  };
  return { options, data: [places, ...series.map(({ values }) => [...values])] };
}

/** The bars of one series, beside those of the others. */
function bars(Plot: typeof UPlot, { series, categories }: Chart, index: number) {
  const width = BARS_WIDTH / series.length;
  const left = index * width - BARS_WIDTH / 2;
  return Plot.paths.bars!({
    align: 1,
    disp: {
      x0: { unit: 1, values: () => categories.map((_, place) => place + left) },
      size: { unit: 1, values: () => categories.map(() => width * 0.92) },
    },
  });
}

function axesOf({ categories, unit }: Chart, isDark: boolean): UPlot.Axis[] {
  const { text, grid } = isDark ? AXES.dark : AXES.light;
  const common = { stroke: text, font: FONT, ticks: { show: false } };
  const labels = categories.map(shorten);
  const space = Math.max(...labels.map(({ length }) => length), 4) * LABEL_CHARACTER_PX;
  return [
    {
      ...common,
      grid: { show: false },
      space,
      incrs: [1, 2, 3, 5, 7, 10, 14, 20, 30, 60, 90, 180, 365],
      values: (_, places) => places.map((place) => labels[place] ?? ''),
    },
    {
      ...common,
      grid: { stroke: grid, width: 1 },
      size: 64,
      ...(unit === 'seconds' && { incrs: SECONDS }),
      ...(unit === 'count' && { incrs: wholeSteps() }),
      values: (_, values) => values.map((value) => figureText(value, unit)),
    },
  ];
}

const shorten = (label: string): string =>
  label.length > MAX_LABEL ? `${label.slice(0, MAX_LABEL - 1)}…` : label;

/** A share ends at 100 %. Everything else has some room above the highest. */
function topOf(max: number | null, unit: Unit): number {
  if (unit === 'share') return 1;
  return max === null || max <= 0 ? 1 : max * 1.08;
}

/** 1, 2, 5, 10 … : there are no half calls. */
const wholeSteps = (): number[] =>
  Array.from({ length: 8 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();
