import { getLocale } from '../../locales/admin/locales.ts';

/** `21 Nov 2026, 14:05:09` in the person's language and time zone. */
export const dateTimeText = (ms: number): string =>
  new Intl.DateTimeFormat(getLocale(), { dateStyle: 'medium', timeStyle: 'medium' }).format(ms);

/** `14:05:09` */
export const clockText = (ms: number): string =>
  new Intl.DateTimeFormat(getLocale(), { timeStyle: 'medium' }).format(ms);

/** `1:05`, or `1:01:05` from an hour on. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const pad = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  if (hours > 0) return `${hours}:${pad(minutes)}:${pad(whole % 60)}`;
  return `${minutes}:${pad(whole % 60)}`;
}

/** The start of a day (`2026-11-21`) in the person's time zone, as ms since 1970. */
export const dayStart = (day: string): number => new Date(`${day}T00:00:00`).getTime();
