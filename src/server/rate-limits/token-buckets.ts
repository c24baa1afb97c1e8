/** A bucket holds `burst` tokens and fills again at `perSecond`. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

interface Bucket {
  readonly rate: Rate;
  tokens: number;
  at: number;
}

/** How often buckets that are full again, and so as good as none, are let go; in ms. */
const TIDY_EVERY = 30_000;
/**
 * A full node's 16,000 sockets that each use a dozen types within TIDY_EVERY; some 50 MB. Only very many addresses at
 * once can want more: then the oldest tenth is let go, which gives those a little more than they should have.
 */
const MOST = 200_000;

/** Token buckets by key: the server's one notion of how often something may be done. Of one process. */
export class TokenBuckets {
  readonly #buckets = new Map<string, Bucket>();
  #tidiedAt = 0;

  /** `now`: any steady clock, in ms. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  get size(): number {
    return this.#buckets.size;
  }

  /** Takes a token. Answers 0, or the seconds until there is one where there is none. */
  take(key: string, rate: Rate): number {
    const now = this.now();
    if (now - this.#tidiedAt >= TIDY_EVERY) this.#tidy(now);
    let bucket = this.#buckets.get(key);
    if (bucket) fill(bucket, now);
    else {
      if (this.#buckets.size >= MOST) this.#forgetOldest();
      this.#buckets.set(key, (bucket = { rate, tokens: rate.burst, at: now }));
    }
    if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / rate.perSecond));
    bucket.tokens -= 1;
    return 0;
  }

  #tidy(now: number): void {
    this.#tidiedAt = now;
    for (const [key, bucket] of this.#buckets) {
      fill(bucket, now);
      if (bucket.tokens === bucket.rate.burst) this.#buckets.delete(key);
    }
  }

  /** Many at a time, since each look from the beginning passes over what was deleted there before. */
  #forgetOldest(): void {
    let left = MOST / 10;
    for (const key of this.#buckets.keys()) {
      this.#buckets.delete(key);
      if ((left -= 1) === 0) return;
    }
  }
}

function fill(bucket: Bucket, now: number): void {
  const { rate, tokens, at } = bucket;
  bucket.tokens = Math.min(rate.burst, tokens + ((now - at) / 1000) * rate.perSecond);
  bucket.at = now;
}
