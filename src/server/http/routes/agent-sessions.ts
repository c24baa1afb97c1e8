import { Type, type Static } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { addressKey } from '../../rate-limits/address-key.ts';
import { RetryLaterError } from '../../rate-limits/retry-later-error.ts';
import { createAgentSession, endAgentSession } from '../../identity/agent-session.ts';
import { SESSION_TOKEN } from '../../identity/session-hash.ts';
import { readBearer } from '../bearer.ts';
import { errorReplies } from '../errors.ts';
import type { HttpContext } from '../http-context.ts';

const Credentials = Type.Object(
  {
    username: Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\u0000]*$' }),
    password: Type.String({ minLength: 1, maxLength: 256 }),
  },
  { additionalProperties: false },
);
type Credentials = Static<typeof Credentials>;

const Session = Type.Object({
  token: Type.String(),
  expiresAt: Type.Number(),
  agent: Type.Object({ id: Type.String(), username: Type.String(), name: Type.String() }),
});

/** Sign-ins of one address in a minute, and of one address as one agent: guessing must not pay. */
const PER_ADDRESS = 60;
const PER_AGENT = 10;

/** Signing in with a password, and out. */
export async function agentSessionRoutes(
  app: FastifyInstance,
  { database, proxies }: HttpContext,
): Promise<void> {
  const tags = ['agents'];
  // Not the plugin's own hook: that counts a request once, and the address has been counted already.
  const countForAgent = app.createRateLimit({
    max: PER_AGENT,
    timeWindow: '1 minute',
    keyGenerator: (request: FastifyRequest) =>
      `${addressKey(proxies.clientAddress(request.raw))} ${(request.body as Credentials).username}`,
  });

  app.post<{ Body: Credentials }>(
    '/agent-sessions',
    {
      schema: {
        tags,
        summary: 'Sign in with a password',
        body: Credentials,
        response: { 200: Session, ...errorReplies },
      },
      config: { rateLimit: { max: PER_ADDRESS, timeWindow: '1 minute' } },
      preHandler: async (request) => {
        const counted = await countForAgent(request);
        if (counted.isAllowed || !counted.isExceeded) return;
        throw new RetryLaterError(
          'rate-limited',
          'Too many sign-ins as this agent; come back later.',
          counted.ttlInSeconds,
        );
      },
    },
    async ({ body }, reply) => {
      void reply.header('cache-control', 'no-store');
      return createAgentSession(database, body);
    },
  );

  app.delete(
    '/agent-sessions/current',
    {
      schema: {
        tags,
        summary: 'Sign out',
        security: [{ session: [] }],
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      const token = readBearer(request);
      if (!SESSION_TOKEN.test(token) || !(await endAgentSession(database, token))) {
        throw new RtcDeskError('unauthorized', 'There is no such session.');
      }
      return reply.status(204).send();
    },
  );
}
