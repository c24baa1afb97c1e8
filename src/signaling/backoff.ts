const FIRST = 250;
/** A person who waits for the desk to come back has it within this once it is there. */
const LONGEST = 4_000;
/** The desk said that too many come at once. */
const SPARING = 10_000;

/**
 * How long to wait before attempt `attempt` (0 is the first), in ms: exponential with full jitter, so
 * that a thousand browsers which lost the same server do not come back in step
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). `sparing`: the server
 * asked for mercy, and gets it from the first attempt on.
 */
export function backoff(attempt: number, random: () => number, sparing = false): number {
  return random() * (sparing ? SPARING : Math.min(LONGEST, FIRST * 2 ** attempt));
}
