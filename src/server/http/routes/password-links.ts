import {
  PasswordChoice,
  PasswordLinkAgent,
  PasswordLinkCode,
} from '../../../protocol/rest/console-session.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { choosePassword, readPasswordLink } from '../../identity/password-link.ts';
import { requestOrigin } from '../agent-request.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

/** Requests in a minute from one address: they limit guesses of codes. */
const LIMIT = { rateLimit: { max: 20, timeWindow: '1 minute' } };

/** The link by which an agent chooses a password. The code is in the body, so that no log of addresses has it. */
export async function passwordLinkRoutes(
  app: HttpApp,
  { database, proxies, logger }: HttpContext,
): Promise<void> {
  const tags = ['agents'];
  app.addHook('onRequest', async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
  });

  app.post(
    '/password-links/current',
    {
      schema: {
        tags,
        summary: 'Whom a password link is for',
        body: PasswordLinkCode,
        response: { 200: PasswordLinkAgent, ...errorReplies },
      },
      config: LIMIT,
    },
    (request) => readPasswordLink(database, request.body.code),
  );

  app.put(
    '/password-links/current',
    {
      schema: {
        tags,
        summary: 'Choose the password of a link’s agent, once',
        body: PasswordChoice,
        response: { 200: PasswordLinkAgent, ...errorReplies },
      },
      config: LIMIT,
    },
    async (request) => {
      const { address } = requestOrigin(request, proxies);
      const { agent, receipt } = await choosePassword(database, request.body, address);
      logAudit(logger, receipt);
      return agent;
    },
  );
}
