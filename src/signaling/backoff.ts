const FIRST_LIMIT_MS = 250;
/** A person who waits for the desk is connected within this time once the desk is back. */
const LONGEST_LIMIT_MS = 4_000;

/**
 * How long to wait before attempt `attempt` (0 is the first), in ms: exponential with full jitter, so that a
 * thousand browsers that lost the same server do not reconnect at the same moment
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). `retryAfter`: the seconds that
 * the server asked for. The wait is at least that long and at most twice as long.
 */
export function backoff(attempt: number, random: () => number, retryAfter = 0): number {
  return retryAfter
    ? retryAfter * 1_000 * (1 + random())
    : random() * Math.min(LONGEST_LIMIT_MS, FIRST_LIMIT_MS * 2 ** attempt);
}
