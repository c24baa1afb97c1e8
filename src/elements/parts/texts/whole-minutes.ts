import type { WaitEstimate } from '../../../protocol/views.ts';

/** The likely wait in whole minutes, as people are told it. */
export const wholeMinutes = ({ min, max }: WaitEstimate): WaitEstimate => ({
  min: Math.floor(min / 60),
  max: Math.ceil(max / 60),
});
