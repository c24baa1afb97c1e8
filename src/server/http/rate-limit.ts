import rateLimit, { type FastifyRateLimitStore } from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { addressKey } from '../rate-limits/address-key.ts';
import type { TokenBuckets } from '../rate-limits/token-buckets.ts';
import type { TrustedProxies } from '../rate-limits/trusted-proxies.ts';

/** Requests of one address in a minute, to anything; sign-ins and uploads have limits of their own. */
const REQUESTS = 1_200;

/** Counts what each address asks for, in the buckets that its sockets are counted in too. */
export async function limitRequests(
  app: FastifyInstance,
  { buckets, proxies }: { readonly buckets: TokenBuckets; readonly proxies: TrustedProxies },
): Promise<void> {
  const headers = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false };
  const silent = { ...headers, 'x-ratelimit-reset': false };
  await app.register(rateLimit, {
    max: REQUESTS,
    timeWindow: '1 minute',
    store: storeIn(buckets),
    keyGenerator: (request) => addressKey(proxies.clientAddress(request.raw)),
    addHeaders: { ...silent, 'retry-after': true },
    addHeadersOnExceeding: silent,
  });
}

/** The plugin makes one for all routes, and a child of it for each route that has a limit of its own. */
function storeIn(buckets: TokenBuckets) {
  let made = 0;
  return class TokenBucketStore implements FastifyRateLimitStore {
    readonly #prefix = `http ${(made += 1)}`;

    /** The plugin refuses where `current` is above `max`; `ttl` becomes Retry-After. */
    incr(
      key: string,
      done: (error: null, counted: { current: number; ttl: number }) => void,
      timeWindow: number,
      max: number,
    ): void {
      const rate = { burst: max, perSecond: max / (timeWindow / 1000) };
      const wait = buckets.take(`${this.#prefix} ${key}`, rate);
      done(null, { current: wait > 0 ? max + 1 : max, ttl: wait * 1000 });
    }

    child(): TokenBucketStore {
      return new TokenBucketStore();
    }
  };
}
