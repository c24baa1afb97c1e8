import { Type } from '@sinclair/typebox';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { ConsoleSession, ConsoleSignIn, Setup } from '../../../protocol/rest/console-session.ts';
import { closed } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import type { AuditReceipt } from '../../audit/write-audit.ts';
import { createAgentSession, endAgentSession } from '../../identity/agent-session.ts';
import { CONSOLE_ROLES, readConsoleSession } from '../../identity/console-session.ts';
import { consoleCookie, expiredConsoleCookie } from '../../identity/session-cookie.ts';
import { needsSetup, setUp } from '../../sites/first-owner.ts';
import { onlySite } from '../../sites/site-origins.ts';
import { readConsoleToken, requestOrigin } from '../agent-request.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { limitSignIns } from '../sign-in-rate-limit.ts';

const SetupState = closed({
  needed: Type.Boolean({ description: 'Whether the installation has no site yet.' }),
});

/** Guesses of the first owner's code in a minute from one address. */
const SETUP_LIMIT = { rateLimit: { max: 20, timeWindow: '1 minute' } };

/** Signing in at the console, and the first owner of an empty installation. */
export async function consoleSessionRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, key, proxies, logger } = context;
  const tags = ['console'];
  const signInContext = {
    database,
    key,
    audited: (receipt: AuditReceipt) => logAudit(logger, receipt),
    roles: CONSOLE_ROLES,
  };
  app.addHook('onRequest', async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
  });
  const cookieOf = ({ token, expiresAt }: { token: string; expiresAt: number }): string =>
    consoleCookie(token, Math.floor((expiresAt - Date.now()) / 1000));

  app.post(
    '/console/session',
    {
      schema: {
        tags,
        summary: 'Sign in at the console (supervisors, admins, owners)',
        body: ConsoleSignIn,
        response: { 200: ConsoleSession, ...errorReplies },
      },
      ...limitSignIns(app, { proxies }),
    },
    async (request, reply) => {
      const { site = await onlySite(database), ...rest } = request.body;
      const from = requestOrigin(request, proxies);
      const session = await createAgentSession(signInContext, { site, ...rest }, from);
      void reply.header('set-cookie', cookieOf(session));
      return readConsoleSession(database, session.token);
    },
  );

  app.get(
    '/console/session',
    {
      schema: {
        tags,
        security: [{ console: [] }],
        summary: 'The session of the console’s cookie; 204: nobody is signed in',
        response: { 200: ConsoleSession, 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      const token = readConsoleToken(request);
      if (token === null) return reply.status(204).send(null);
      try {
        return await readConsoleSession(database, token);
      } catch (error) {
        const isMissing = error instanceof RtcDeskError && error.code === 'unauthorized';
        if (!isMissing) throw error;
        return reply.status(204).header('set-cookie', expiredConsoleCookie()).send(null);
      }
    },
  );

  app.delete(
    '/console/session',
    {
      schema: {
        tags,
        security: [{ console: [] }],
        summary: 'Sign out of the console',
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      const token = readConsoleToken(request);
      const from = requestOrigin(request, proxies);
      const receipt = token === null ? null : await endAgentSession(database, token, from);
      if (!receipt) throw new RtcDeskError('unauthorized', 'There is no such session.');
      logAudit(logger, receipt);
      return reply.status(204).header('set-cookie', expiredConsoleCookie()).send(null);
    },
  );

  app.get(
    '/setup',
    {
      schema: {
        tags,
        summary: 'Whether the installation is empty',
        response: { 200: SetupState, ...errorReplies },
      },
    },
    async () => ({ needed: await needsSetup(database) }),
  );

  app.post(
    '/setup',
    {
      schema: {
        tags,
        summary:
          'Make the first site and its owner, with the code of the link that the server printed',
        body: Setup,
        response: { 201: ConsoleSession, ...errorReplies },
      },
      config: SETUP_LIMIT,
    },
    async (request, reply) => {
      const from = requestOrigin(request, proxies);
      logAudit(logger, await setUp(database, request.body, from.address));
      const { site, owner } = request.body;
      const { username, password } = owner;
      const session = await createAgentSession(
        signInContext,
        { site: site.id, username, password },
        from,
      );
      void reply.header('set-cookie', cookieOf(session));
      return reply.status(201).send(await readConsoleSession(database, session.token));
    },
  );
}
