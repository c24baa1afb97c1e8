import { msg, str } from '@lit/localize';

/** A duration as a clock shows it: 65 → `1:05`, 3665 → `1:01:05`. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, '0');
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** A duration in words: 45 → `45 s`, 65 → `1 min 5 s`, 3665 → `1 h 1 min`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = whole % 60;
  if (hours) return minutes ? msg(str`${hours} h ${minutes} min`) : msg(str`${hours} h`);
  if (!minutes) return msg(str`${rest} s`);
  return rest ? msg(str`${minutes} min ${rest} s`) : msg(str`${minutes} min`);
}
