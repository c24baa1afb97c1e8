/** Later than any call, and within what PostgreSQL's timestamps hold. */
const END_OF_TIME_MS = Date.UTC(9999, 0, 1);

/** Ms since 1970, up to `to`, which is not in it. Without a bound it is open. */
export interface TimeSpan {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** Both bounds, for parameters of `to_timestamp`. */
export const spanValues = ({
  from = 0,
  to = END_OF_TIME_MS,
}: TimeSpan): readonly [from: number, to: number] => [
  Math.min(from, END_OF_TIME_MS),
  Math.min(to, END_OF_TIME_MS),
];
