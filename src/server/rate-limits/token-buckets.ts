/** A rate limit: a bucket holds `burst` tokens and refills at `perSecond`. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

interface Bucket {
  readonly rate: Rate;
  tokens: number;
  at: number;
}

/** How often full buckets are deleted. A full bucket is the same as none. */
const CLEAN_UP_MS = 30_000;
/**
 * A full node: 16,000 sockets that each use a dozen message types within CLEAN_UP_MS; about 50 MB. Only very many
 * addresses at once need more. Then the oldest tenth is deleted, which gives those addresses a little more than
 * their limit.
 */
const MAX_BUCKETS = 200_000;

/** Token buckets by key, in this process: the server's one way to limit how often something may be done. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();
  #cleanedUpAt = 0;

  /** `now`: any monotonic clock, in ms. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  get size(): number {
    return this.#buckets.size;
  }

  /** Takes a token and returns 0, or returns the seconds until the next token. */
  take(key: string, rate: Rate): number {
    const now = this.now();
    if (now - this.#cleanedUpAt >= CLEAN_UP_MS) this.#cleanUp(now);
    let bucket = this.#buckets.get(key);
    if (bucket) refill(bucket, now);
    else {
      if (this.#buckets.size >= MAX_BUCKETS) this.#deleteOldest();
      this.#buckets.set(key, (bucket = { rate, tokens: rate.burst, at: now }));
    }
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / rate.perSecond));
    bucket.tokens -= 1;
    return 0;
  }

  #cleanUp(now: number): void {
    this.#cleanedUpAt = now;
    for (const [key, bucket] of this.#buckets) {
      refill(bucket, now);
      if (bucket.tokens === bucket.rate.burst) this.#buckets.delete(key);
    }
  }

  /** A tenth at a time, because each iteration of the map steps over the entries deleted before. */
  #deleteOldest(): void {
    let left = MAX_BUCKETS / 10;
    for (const key of this.#buckets.keys()) {
      this.#buckets.delete(key);
      if ((left -= 1) === 0) return;
    }
  }
}

function refill(bucket: Bucket, now: number): void {
  const { rate, tokens, at } = bucket;
  bucket.tokens = Math.min(rate.burst, tokens + ((now - at) / 1000) * rate.perSecond);
  bucket.at = now;
}
