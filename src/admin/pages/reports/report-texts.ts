import { msg, str } from '@lit/localize';
import type { Report, ReportRow } from '../../../protocol/rest/reports.ts';
import { getLocale } from '../../../locales/admin/locales.ts';
import type { Option } from '../../parts/fields.ts';
import { durationText } from '../../parts/time-texts.ts';
import type { Interval } from './report-period.ts';

export const byOptions = (): readonly Option[] => [
  { value: 'group', label: msg('Skill group') },
  { value: 'agent', label: msg('Agent') },
  { value: 'hour', label: msg('Hour of the day') },
  { value: 'disposition', label: msg('Disposition') },
];

export const byText = (by: Report['by']): string =>
  byOptions().find(({ value }) => value === by)?.label ?? '';

export const periodOptions = (): readonly Option[] => [
  { value: 'day', label: msg('Day') },
  { value: 'week', label: msg('Week') },
  { value: 'month', label: msg('Month') },
  { value: 'range', label: msg('Own range') },
];

export const intervalOptions = (): readonly Option[] => [
  { value: '', label: msg('The whole time') },
  { value: 'day', label: msg('Each day') },
  { value: 'week', label: msg('Each week') },
  { value: 'month', label: msg('Each month') },
];

/** What a row is about: the name of a group or an agent, an hour, a disposition. */
export function keyText(by: Report['by'], { key, name, label }: ReportRow): string {
  if (by === 'hour') return hourText(Number(key));
  if (by === 'disposition') {
    if (key === null) return msg('Without a disposition');
    const locale = getLocale() === 'zh-CN' ? 'zh-CN' : 'en';
    return label?.[locale] ?? label?.en ?? label?.['zh-CN'] ?? key;
  }
  return name ?? (key === null ? msg('Ended in the flow') : key);
}

/** `09:00–10:00` */
export function hourText(hour: number): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${pad(hour)}:00–${pad(hour + 1)}:00`;
}

/** A day of the site's time zone: `29 Mar 2026`. */
export const dayText = (day: string): string =>
  new Intl.DateTimeFormat(getLocale(), { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );

export function startText(start: string, interval: Interval): string {
  if (interval === 'day') return dayText(start);
  if (interval === 'week') return msg(str`Week from ${dayText(start)}`);
  return new Intl.DateTimeFormat(getLocale(), {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${start}T00:00:00Z`));
}

/** Shorter, for the axis of a chart. */
export function axisText(start: string, interval: Interval): string {
  const parts =
    interval === 'month' ? ({ year: 'numeric' } as const) : ({ day: 'numeric' } as const);
  return new Intl.DateTimeFormat(getLocale(), { month: 'short', timeZone: 'UTC', ...parts }).format(
    new Date(`${start}T00:00:00Z`),
  );
}

export type Unit = 'count' | 'share' | 'seconds';

/** A figure in its unit; `–` if there is none. */
export function figureText(value: number | null, unit: Unit): string {
  if (value === null) return '–';
  if (unit === 'seconds') return durationText(value);
  return new Intl.NumberFormat(
    getLocale(),
    unit === 'share' ? { style: 'percent', maximumFractionDigits: 1 } : {},
  ).format(value);
}
