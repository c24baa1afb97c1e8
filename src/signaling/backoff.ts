const FIRST = 250;
/** A person who waits for the desk to come back has it within this once it is there. */
const LONGEST = 4_000;
/**
 * How long to wait before attempt `attempt` (0 is the first), in ms: exponential with full jitter, so
 * that a thousand browsers which lost the same server do not come back in step
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). `retryAfter`: the
 * seconds that the server asked for; they are kept, and spread over as many again.
 */
export function backoff(attempt: number, random: () => number, retryAfter = 0): number {
  return retryAfter
    ? retryAfter * 1_000 * (1 + random())
    : random() * Math.min(LONGEST, FIRST * 2 ** attempt);
}
