import { getLocale } from '../../../locales/locales.ts';

/** The time of day in the person's language: `2:05 PM`, `14:05`. `at`: ms since 1970. */
export function timeText(at: number): string {
  return new Intl.DateTimeFormat(getLocale(), { hour: 'numeric', minute: '2-digit' }).format(at);
}

/** The day in the person's language: `Friday, November 21`. `at`: ms since 1970. */
export function dayText(at: number): string {
  const format = { weekday: 'long', month: 'long', day: 'numeric' } as const;
  return new Intl.DateTimeFormat(getLocale(), format).format(at);
}
