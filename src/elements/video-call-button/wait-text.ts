import { msg, str } from '@lit/localize';
import type { WaitEstimate } from '../../call/visitor-call-control.ts';

/** The likely wait as a range in words, whole minutes; '' where nobody can tell. */
export function waitText(estimate: WaitEstimate | null): string {
  if (!estimate) return '';
  const min = Math.floor(estimate.min / 60);
  const max = Math.ceil(estimate.max / 60);
  if (max <= 1) return msg('Usually less than a minute');
  if (min < 1) return msg(str`Usually less than ${max} minutes`);
  if (min === max) return msg(str`Usually about ${max} minutes`);
  return msg(str`Usually ${min} to ${max} minutes`);
}
