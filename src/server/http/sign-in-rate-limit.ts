import type { FastifyRequest } from 'fastify';
import { addressKey } from '../rate-limits/address-key.ts';
import { RetryLaterError } from '../rate-limits/retry-later-error.ts';
import type { HttpApp, HttpContext } from './http-context.ts';

/** Sign-ins in a minute from one address, and from one address as one agent. They limit guesses of passwords. */
const MAX_PER_ADDRESS = 60;
const MAX_PER_AGENT = 10;

/** The options of a route at which people sign in with `{site, username, password}`. */
export function limitSignIns(app: HttpApp, { proxies }: Pick<HttpContext, 'proxies'>) {
  // Not the plugin's own hook: that counts each request once, and the address has been counted already.
  const countForAgent = app.createRateLimit({
    max: MAX_PER_AGENT,
    timeWindow: '1 minute',
    keyGenerator: (request: FastifyRequest) => {
      const { site = '', username } = request.body as { site?: string; username: string };
      return `${addressKey(proxies.clientAddress(request.raw))} ${site} ${username}`;
    },
  });
  return {
    config: { rateLimit: { max: MAX_PER_ADDRESS, timeWindow: '1 minute' } },
    preHandler: async (request: unknown): Promise<void> => {
      const counted = await countForAgent(request as FastifyRequest);
      if (counted.isAllowed || !counted.isExceeded) return;
      throw new RetryLaterError(
        'rate-limited',
        'Too many sign-ins as this agent. Try again later.',
        counted.ttlInSeconds,
      );
    },
  };
}
