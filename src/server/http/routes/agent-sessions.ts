import { Type } from '@sinclair/typebox';
import { AgentRole } from '../../../protocol/agent-view.ts';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { SecondFactorCode } from '../../../protocol/rest/console-session.ts';
import { closed, described, Slug } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import type { AuditReceipt } from '../../audit/write-audit.ts';
import { createAgentSession, endAgentSession } from '../../identity/agent-session.ts';
import { findSessionAgent } from '../../identity/find-session-agent.ts';
import { expiredSessionCookie, sessionCookie } from '../../identity/session-cookie.ts';
import { SESSION_TOKEN } from '../../identity/session-hash.ts';
import { onlySite } from '../../sites/site-origins.ts';
import { asksByCookie, readSessionToken, requestOrigin } from '../agent-request.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { limitSignIns } from '../sign-in-rate-limit.ts';

const Credentials = closed({
  site: Type.Optional(
    described(
      Slug,
      'The site whose agent signs in. It may be left out if the server has one site.',
    ),
  ),
  username: Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\u0000]*$' }),
  password: Type.String({ minLength: 1, maxLength: 256 }),
  code: Type.Optional(described(SecondFactorCode, 'It is asked for by `second-factor-needed`.')),
});

const Agent = closed({
  id: Type.String(),
  site: Type.String(),
  username: Type.String(),
  name: Type.String(),
  role: AgentRole,
});
const Session = closed({
  token: Type.String({ description: 'Bearer token of the session.' }),
  expiresAt: Type.Number(),
  agent: Agent,
});
const CurrentSession = closed({
  expiresAt: Type.Number(),
  agent: Agent,
  secondFactor: Type.Boolean({ description: 'Whether each sign-in needs a code.' }),
});

/** Signing in with a password, and out. */
export async function agentSessionRoutes(
  app: HttpApp,
  { database, key, proxies, logger }: HttpContext,
): Promise<void> {
  const common = { tags: ['agents'], security: [{ session: [] }] };
  const signInContext = {
    database,
    key,
    audited: (receipt: AuditReceipt) => logAudit(logger, receipt),
  };
  app.addHook('onRequest', async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
  });

  app.post(
    '/agent-sessions',
    {
      schema: {
        tags: common.tags,
        summary: 'Sign in with a password',
        body: Credentials,
        response: { 200: Session, ...errorReplies },
      },
      ...limitSignIns(app, { proxies }),
    },
    async (request, reply) => {
      const { site = await onlySite(database), ...rest } = request.body;
      const from = requestOrigin(request, proxies);
      const session = await createAgentSession(signInContext, { site, ...rest }, from);
      const seconds = Math.floor((session.expiresAt - Date.now()) / 1000);
      void reply.header('set-cookie', sessionCookie(site, session.token, seconds));
      return session;
    },
  );

  app.get(
    '/agent-sessions/current',
    {
      schema: {
        ...common,
        summary: 'The session of the token, or of the desk’s cookie',
        description:
          '204: the request came with the name of a site instead of a token, and there is no session. A page asks so ' +
          'before anybody has signed in.',
        response: { 200: CurrentSession, 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      try {
        const agent = await findSessionAgent(database, readSessionToken(request));
        const { id, site, username, name, role, expiresAt, hasSecondFactor: secondFactor } = agent;
        return { expiresAt, agent: { id, site, username, name, role }, secondFactor };
      } catch (error) {
        const isMissing = error instanceof RtcDeskError && error.code === 'unauthorized';
        if (!isMissing || !asksByCookie(request)) throw error;
        return reply.status(204).send(null);
      }
    },
  );

  app.delete(
    '/agent-sessions/current',
    {
      schema: {
        ...common,
        summary: 'Sign out',
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      const token = readSessionToken(request);
      const from = requestOrigin(request, proxies);
      const receipt = SESSION_TOKEN.test(token)
        ? await endAgentSession(database, token, from)
        : null;
      if (!receipt) throw new RtcDeskError('unauthorized', 'There is no such session.');
      logAudit(logger, receipt);
      void reply.header('set-cookie', expiredSessionCookie(receipt.site));
      return reply.status(204).send(null);
    },
  );
}
