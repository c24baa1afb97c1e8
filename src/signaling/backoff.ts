const FIRST = 250;
const LONGEST = 10_000;

/**
 * How long to wait before attempt `attempt` (0 is the first), in ms: exponential with full jitter, so
 * that a thousand browsers which lost the same server do not come back in step
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export function backoff(attempt: number, random: () => number): number {
  return random() * Math.min(LONGEST, FIRST * 2 ** attempt);
}
