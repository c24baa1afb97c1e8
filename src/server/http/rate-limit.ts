import rateLimit, { type FastifyRateLimitStore } from '@fastify/rate-limit';
import { addressKey } from '../rate-limits/address-key.ts';
import type { TokenBuckets } from '../rate-limits/token-buckets.ts';
import type { HttpApp, HttpContext } from './http-context.ts';

/** Requests of one address in a minute, to any route. Sign-ins and uploads have their own limits. */
const REQUESTS_PER_MINUTE = 1_200;

/** Limits the requests of each address, with the token buckets that also limit its sockets. */
export async function limitRequests(
  app: HttpApp,
  { buckets, proxies }: HttpContext,
): Promise<void> {
  const noHeaders = {
    'x-ratelimit-limit': false,
    'x-ratelimit-remaining': false,
    'x-ratelimit-reset': false,
  };
  await app.register(rateLimit, {
    max: REQUESTS_PER_MINUTE,
    timeWindow: '1 minute',
    store: storeIn(buckets),
    keyGenerator: (request) => addressKey(proxies.clientAddress(request.raw)),
    addHeaders: { ...noHeaders, 'retry-after': true },
    addHeadersOnExceeding: noHeaders,
  });
}

/** The plugin makes one store for all routes, and a child of it for each route with its own limit. */
function storeIn(buckets: TokenBuckets) {
  let stores = 0;
  return class TokenBucketStore implements FastifyRateLimitStore {
    readonly #prefix = `http ${(stores += 1)}`;

    /** The plugin refuses a request when `current` is above `max`. `ttl` becomes Retry-After. */
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
