/** A bucket holds `burst` messages and fills again at `perSecond`. */
interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Generous to every honest client: a mesh of six that restarts ICE sends some 200 signals at once. */
const RATES: Readonly<Record<string, Rate>> = {
  signal: { burst: 600, perSecond: 100 },
  typing: { burst: 20, perSecond: 2 },
  ping: { burst: 30, perSecond: 2 },
  'chat-send': { burst: 60, perSecond: 10 },
  'chat-read': { burst: 60, perSecond: 10 },
  'chat-history': { burst: 100, perSecond: 20 },
};
const COMMAND_RATE: Rate = { burst: 40, perSecond: 5 };
/** What was refused, for whatever reason: one that goes on is no client of ours. */
const REFUSED_RATE: Rate = { burst: 30, perSecond: 1 };

/** How much one socket may still send: a token bucket for each type of message. */
export class MessageAllowance {
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /** Whether one more of this type is allowed at `now` (ms, any steady clock). */
  take(type: string, now: number): boolean {
    return this.#take(type, RATES[type] ?? COMMAND_RATE, now);
  }

  /** Counts a refusal; false once there were too many, and the socket should be closed. */
  takeRefusal(now: number): boolean {
    return this.#take('refused', REFUSED_RATE, now);
  }

  #take(type: string, rate: Rate, now: number): boolean {
    const bucket = this.#buckets.get(type) ?? { tokens: rate.burst, at: now };
    bucket.tokens = Math.min(
      rate.burst,
      bucket.tokens + ((now - bucket.at) / 1000) * rate.perSecond,
    );
    bucket.at = now;
    this.#buckets.set(type, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
