import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { AgentRole } from '../../../protocol/agent-view.ts';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { closed, Slug, type Shape } from '../../../protocol/schema.ts';
import { createAgentSession, endAgentSession } from '../../identity/agent-session.ts';
import { SESSION_TOKEN } from '../../identity/session-hash.ts';
import { addressKey } from '../../rate-limits/address-key.ts';
import { RetryLaterError } from '../../rate-limits/retry-later-error.ts';
import { onlySite } from '../../sites/site-origins.ts';
import { readBearer } from '../bearer.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

const Credentials = closed({
  site: Type.Optional({
    ...Slug,
    description: 'The site whose agent signs in. It may be left out if the server has one site.',
  }),
  username: Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\u0000]*$' }),
  password: Type.String({ minLength: 1, maxLength: 256 }),
});
type Credentials = Shape<typeof Credentials>;

const Session = closed({
  token: Type.String({ description: 'Bearer token of the session.' }),
  expiresAt: Type.Number(),
  agent: closed({
    id: Type.String(),
    site: Type.String(),
    username: Type.String(),
    name: Type.String(),
    role: AgentRole,
  }),
});

/** Sign-ins in a minute from one address, and from one address as one agent. They limit guesses of passwords. */
const MAX_PER_ADDRESS = 60;
const MAX_PER_AGENT = 10;

/** Signing in with a password, and out. */
export async function agentSessionRoutes(
  app: HttpApp,
  { database, proxies }: HttpContext,
): Promise<void> {
  const tags = ['agents'];
  // Not the plugin's own hook: that counts each request once, and the address has been counted already.
  const countForAgent = app.createRateLimit({
    max: MAX_PER_AGENT,
    timeWindow: '1 minute',
    keyGenerator: (request: FastifyRequest) => {
      const { site = '', username } = request.body as Credentials;
      return `${addressKey(proxies.clientAddress(request.raw))} ${site} ${username}`;
    },
  });

  app.post(
    '/agent-sessions',
    {
      schema: {
        tags,
        summary: 'Sign in with a password',
        body: Credentials,
        response: { 200: Session, ...errorReplies },
      },
      config: { rateLimit: { max: MAX_PER_ADDRESS, timeWindow: '1 minute' } },
      preHandler: async (request) => {
        const counted = await countForAgent(request as unknown as FastifyRequest);
        if (counted.isAllowed || !counted.isExceeded) return;
        throw new RetryLaterError(
          'rate-limited',
          'Too many sign-ins as this agent. Try again later.',
          counted.ttlInSeconds,
        );
      },
    },
    async ({ body }, reply) => {
      void reply.header('cache-control', 'no-store');
      const { site = await onlySite(database), username, password } = body;
      return createAgentSession(database, { site, username, password });
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
      return reply.status(204).send(null);
    },
  );
}
