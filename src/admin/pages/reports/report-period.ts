export const PERIODS = ['day', 'week', 'month', 'range'] as const;
export type Period = (typeof PERIODS)[number];
export const INTERVALS = ['day', 'week', 'month'] as const;
export type Interval = (typeof INTERVALS)[number];

/** Days as `2026-03-29`. Both belong to the span. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 24 * 60 * 60 * 1000;

/** A day is reckoned with as a time in UTC, in which every day has 24 hours. */
const timeOf = (day: string): Date => new Date(`${day}T00:00:00Z`);
const dayOf = (time: Date): string => time.toISOString().slice(0, 10);

export const isDay = (day: string | null): day is string =>
  day !== null && DAY.test(day) && !Number.isNaN(timeOf(day).getTime());

/** The present day of a time zone. */
export const todayIn = (timeZone: string, now = new Date()): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(now);

export const addDays = (day: string, days: number): string =>
  dayOf(new Date(timeOf(day).getTime() + days * DAY_MS));

/** The first day of the interval in which a day is. Weeks begin on Monday. */
export function startOf(day: string, interval: Interval): string {
  if (interval === 'month') return `${day.slice(0, 8)}01`;
  if (interval === 'day') return day;
  return addDays(day, -((timeOf(day).getUTCDay() + 6) % 7));
}

/** The first day of the interval after, or with -1 of the one before. */
export function move(day: string, interval: Interval, steps: 1 | -1): string {
  const start = startOf(day, interval);
  if (interval === 'day') return addDays(start, steps);
  if (interval === 'week') return addDays(start, 7 * steps);
  const time = timeOf(start);
  time.setUTCMonth(time.getUTCMonth() + steps);
  return dayOf(time);
}

/** The day, week or month in which a day is. */
export const spanOf = (day: string, interval: Interval): Span => ({
  from: startOf(day, interval),
  to: addDays(move(day, interval, 1), -1),
});

/** The first days of all intervals of a span. */
export function startsOf({ from, to }: Span, interval: Interval): readonly string[] {
  const starts: string[] = [];
  for (let day = startOf(from, interval); day <= to; day = move(day, interval, 1)) starts.push(day);
  return starts;
}
