import { Type } from '@sinclair/typebox';
import { RecoveryCodes, SecondFactorCode } from '../../../protocol/rest/console-session.ts';
import { closed } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { changePassword } from '../../identity/change-password.ts';
import {
  beginSecondFactor,
  confirmSecondFactor,
  removeSecondFactor,
  renewRecoveryCodes,
  type NewRecoveryCodes,
} from '../../identity/enrol-second-factor.ts';
import { findSessionAgent } from '../../identity/find-session-agent.ts';
import { readSessionToken, requestOrigin } from '../agent-request.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

const Password = Type.String({ minLength: 1, maxLength: 256 });
const NewPassword = closed({ current: Password, password: Password });
const SecondFactor = closed({
  secret: Type.String({ description: 'Base32, to type into the authenticator app.' }),
  uri: Type.String({ description: 'otpauth://…, for a QR code.' }),
});
const SecondFactorChange = closed({
  code: SecondFactorCode,
  enabled: Type.Boolean({ description: 'true after the first code, false to remove the factor.' }),
});

const RecoveryCodesOrder = closed({ code: SecondFactorCode });

/** Changes in a minute from one address: they limit guesses of passwords and codes. */
const LIMIT = { rateLimit: { max: 20, timeWindow: '1 minute' } };

/** What agents who signed in with a password change about their own account. */
export async function agentAccountRoutes(
  app: HttpApp,
  { database, key, proxies, logger }: HttpContext,
): Promise<void> {
  const common = { tags: ['agents'], security: [{ session: [] }] };
  app.addHook('onRequest', async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
  });

  const shown = ({ codes, receipts }: NewRecoveryCodes): RecoveryCodes => {
    logAudit(logger, ...receipts);
    return { recoveryCodes: [...codes] };
  };

  app.put(
    '/agent-sessions/current/password',
    {
      schema: {
        ...common,
        summary: 'Choose another password. The agent’s other sessions end',
        body: NewPassword,
        response: { 204: Type.Null(), ...errorReplies },
      },
      config: LIMIT,
    },
    async (request, reply) => {
      const agent = await findSessionAgent(database, readSessionToken(request));
      const { current, password: wanted } = request.body;
      const from = requestOrigin(request, proxies);
      logAudit(logger, await changePassword(database, agent, { current, wanted }, from));
      return reply.status(204).send(null);
    },
  );

  app.post(
    '/agent-sessions/current/second-factor',
    {
      schema: {
        ...common,
        summary: 'Make a secret for an authenticator app (supervisors, admins, owners)',
        response: { 201: SecondFactor, ...errorReplies },
      },
      config: LIMIT,
    },
    async (request, reply) => {
      const agent = await findSessionAgent(database, readSessionToken(request));
      return reply.status(201).send(await beginSecondFactor(database, key, agent));
    },
  );

  app.put(
    '/agent-sessions/current/second-factor',
    {
      schema: {
        ...common,
        summary: 'Switch the second factor on with a first code, or off with a code',
        description: '200 with recovery codes after switching on, 204 after switching off.',
        body: SecondFactorChange,
        response: { 200: RecoveryCodes, 204: Type.Null(), ...errorReplies },
      },
      config: LIMIT,
    },
    async (request, reply) => {
      const agent = await findSessionAgent(database, readSessionToken(request));
      const { code, enabled } = request.body;
      const from = requestOrigin(request, proxies);
      if (enabled) return shown(await confirmSecondFactor(database, key, agent, code, from));
      logAudit(logger, ...(await removeSecondFactor(database, key, agent, code, from)));
      return reply.status(204).send(null);
    },
  );

  app.post(
    '/agent-sessions/current/recovery-codes',
    {
      schema: {
        ...common,
        summary: 'Make ten new recovery codes. The earlier ones are void',
        body: RecoveryCodesOrder,
        response: { 201: RecoveryCodes, ...errorReplies },
      },
      config: LIMIT,
    },
    async (request, reply) => {
      const agent = await findSessionAgent(database, readSessionToken(request));
      const from = requestOrigin(request, proxies);
      const made = await renewRecoveryCodes(database, key, agent, request.body.code, from);
      return reply.status(201).send(shown(made));
    },
  );
}
