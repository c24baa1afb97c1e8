import type { Option } from '../parts/fields.ts';

/** The time zones that the browser knows, and the present one if it does not. */
export function timeZoneOptions(present: string | null): Option[] {
  const zones = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);
  if (present) zones.add(present);
  return [...zones].sort().map((zone) => ({ value: zone, label: zone }));
}
