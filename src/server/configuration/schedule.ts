import type { Hours } from '../../protocol/rest/hours.ts';
import { isTimeZone } from '../sites/time-zone.ts';

/** What `hours.schedule` holds. */
export type Schedule = Pick<Hours, 'timeZone' | 'open' | 'exceptions'>;

/** What a schema cannot say: the fault, or null. */
export function checkSchedule({ timeZone, exceptions }: Schedule): string | null {
  if (timeZone !== null && !isTimeZone(timeZone)) {
    return `timeZone must be a time zone like Europe/Berlin, not "${timeZone}"`;
  }
  for (const [index, { date, until = date, yearly = false }] of exceptions.entries()) {
    for (const day of [date, until]) {
      if (!isDate(day)) return `exceptions[${index}]: there is no day ${day}`;
    }
    // A yearly exception may last over the end of a year: only month and day count.
    if (!yearly && until < date) return `exceptions[${index}].until is before its date`;
  }
  return null;
}

/** 2026-02-30 fits the schema and is no day. */
function isDate(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
