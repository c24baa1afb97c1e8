import { getLocale } from '../../../locales/admin/locales.ts';

/** A Monday. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 24 * 60 * 60 * 1000;

/** The name of a day of the week; 1 is Monday. */
export const dayText = (day: number, weekday: 'short' | 'long'): string =>
  new Intl.DateTimeFormat(getLocale(), { weekday, timeZone: 'UTC' }).format(
    MONDAY + (day - 1) * DAY_MS,
  );
