/**
 * A number above `last`, and above all that an earlier adapter of this page gave out: ms since 1970 by a clock that
 * is never set back while the page lives.
 */
export function growingNumber(last: number): number {
  return Math.max(last + 1, Math.floor(performance.timeOrigin + performance.now()));
}
