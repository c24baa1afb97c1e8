import type { ReportQuery } from '../../../protocol/rest/reports.ts';
import {
  INTERVALS,
  isDay,
  move,
  PERIODS,
  spanOf,
  type Interval,
  type Period,
  type Span,
} from './report-period.ts';

export const BY = ['group', 'agent', 'hour', 'disposition'] as const;

/** What the query of the page's address says. */
export interface ReportView extends Span {
  readonly period: Period;
  readonly by: ReportQuery['by'];
  /** Null: one row for the whole time. */
  readonly interval: Interval | null;
  /** '' for all. */
  readonly group: string;
}

const oneOf = <T extends string>(values: readonly T[], value: string | null): T | undefined =>
  values.find((one) => one === value);

/** Reads the query. What is missing or wrong is the present week by group. */
export function readView(search: string, today: string): ReportView {
  const params = new URLSearchParams(search);
  const period = oneOf(PERIODS, params.get('period')) ?? 'week';
  const [day, from, to] = ['day', 'from', 'to'].map((name) => {
    const value = params.get(name);
    return isDay(value) ? value : null;
  });
  const span =
    period === 'range'
      ? rangeOf(from ?? to ?? today, to ?? from ?? today)
      : spanOf(day ?? today, period);
  return {
    ...span,
    period,
    by: oneOf(BY, params.get('by')) ?? 'group',
    interval: oneOf(INTERVALS, params.get('interval')) ?? null,
    group: params.get('group') ?? '',
  };
}

/** The server refuses a span that ends before it begins. */
const rangeOf = (one: string, other: string): Span =>
  one <= other ? { from: one, to: other } : { from: other, to: one };

/** The query of the address that shows a view. The present week by group has none. */
export function viewQuery(view: ReportView, today: string): string {
  const { period, from, to, by, interval, group } = view;
  const params = new URLSearchParams();
  if (period !== 'week') params.set('period', period);
  if (period === 'range') {
    params.set('from', from);
    params.set('to', to);
  } else if (spanOf(today, period).from !== from) {
    params.set('day', from);
  }
  if (by !== 'group') params.set('by', by);
  if (interval !== null) params.set('interval', interval);
  if (group !== '') params.set('group', group);
  const text = params.toString();
  return text && `?${text}`;
}

/** The view of the period before or after. */
export function moveView(view: ReportView, steps: 1 | -1): ReportView {
  const { period, from } = view;
  return period === 'range' ? view : { ...view, ...spanOf(move(from, period, steps), period) };
}

export function restQuery({ from, to, by, interval, group }: ReportView) {
  return { from, to, by, interval, group };
}
