import type { ReportFigures } from '../../protocol/rest/reports.ts';
import { NO_HISTOGRAM, percentile, sumOf, type Histogram } from './histogram.ts';

/** Sums of report_hours. Times in ms. */
export interface Sums extends Totals {
  readonly waits: Histogram;
  readonly handlings: Histogram;
}

interface Totals {
  readonly calls: number;
  readonly offered: number;
  readonly answered: number;
  readonly answeredInTime: number;
  readonly abandoned: number;
  readonly abandonedEarly: number;
  readonly answerWaitMs: number;
  readonly abandonWaitMs: number;
  readonly longestWaitMs: number;
  readonly rings: number;
  readonly missed: number;
  readonly declined: number;
  readonly handled: number;
  readonly talkMs: number;
  readonly wrapUpMs: number;
}

const NONE: Totals = {
  calls: 0,
  offered: 0,
  answered: 0,
  answeredInTime: 0,
  abandoned: 0,
  abandonedEarly: 0,
  answerWaitMs: 0,
  abandonWaitMs: 0,
  longestWaitMs: 0,
  rings: 0,
  missed: 0,
  declined: 0,
  handled: 0,
  talkMs: 0,
  wrapUpMs: 0,
};

/** The longest wait is the longest of all; everything else is added. */
export function addUp(rows: readonly Sums[]): Sums {
  const total: Record<keyof Totals, number> = { ...NONE };
  for (const row of rows) {
    for (const key of Object.keys(NONE) as (keyof Totals)[]) {
      total[key] = key === 'longestWaitMs' ? Math.max(total[key], row[key]) : total[key] + row[key];
    }
  }
  return {
    ...total,
    waits: rows.reduce((sum, { waits }) => sumOf(sum, waits), NO_HISTOGRAM),
    handlings: rows.reduce((sum, { handlings }) => sumOf(sum, handlings), NO_HISTOGRAM),
  };
}

export function figuresOf(sums: Sums): ReportFigures {
  const { answered, abandoned, handled, talkMs, wrapUpMs, waits, handlings } = sums;
  return {
    calls: sums.calls,
    offered: sums.offered,
    answered,
    answeredInTime: sums.answeredInTime,
    abandoned,
    abandonedEarly: sums.abandonedEarly,
    serviceLevel: share(sums.answeredInTime, answered + abandoned - sums.abandonedEarly),
    abandonment: share(abandoned, sums.offered),
    averageWait: averageSeconds(sums.answerWaitMs, answered),
    medianWait: secondsOrNull(percentile(waits, 0.5)),
    p90Wait: secondsOrNull(percentile(waits, 0.9)),
    averageAbandonedWait: averageSeconds(sums.abandonWaitMs, abandoned),
    longestWait: seconds(sums.longestWaitMs),
    rings: sums.rings,
    missed: sums.missed,
    declined: sums.declined,
    handled,
    talk: seconds(talkMs),
    wrapUp: seconds(wrapUpMs),
    averageTalk: averageSeconds(talkMs, handled),
    averageHandling: averageSeconds(talkMs + wrapUpMs, handled),
    medianHandling: secondsOrNull(percentile(handlings, 0.5)),
    p90Handling: secondsOrNull(percentile(handlings, 0.9)),
  };
}

/** To a tenth. */
const seconds = (ms: number): number => Math.round(ms / 100) / 10;
const secondsOrNull = (ms: number | null): number | null => (ms === null ? null : seconds(ms));
const averageSeconds = (ms: number, count: number): number | null =>
  count === 0 ? null : seconds(ms / count);
/** To four digits, which is a hundredth of a percent. */
const share = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
