import { getLocale } from '../../locales/locales.ts';

/** The time of day, as the person's language writes it. `at`: ms since 1970. */
export function timeText(at: number): string {
  return new Intl.DateTimeFormat(getLocale(), { hour: 'numeric', minute: '2-digit' }).format(at);
}

/** The day, as the person's language writes it: `Friday, November 21`. `at`: ms since 1970. */
export function dayText(at: number): string {
  const format = { weekday: 'long', month: 'long', day: 'numeric' } as const;
  return new Intl.DateTimeFormat(getLocale(), format).format(at);
}
