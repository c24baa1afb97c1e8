import { Type } from '@sinclair/typebox';
import { ApiKeyPage, ApiKeyQuery, MadeApiKey, NewApiKey } from '../../../protocol/rest/api-keys.ts';
import { closed, Uuid } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { createApiKey, listApiKeys, revokeApiKey } from '../../configuration/api-keys.ts';
import { CALLER_SECURITY, callerOf, changedBy, requireCaller } from '../callers.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { takeIdempotencyKeys } from '../idempotency.ts';

const KeyParams = closed({ id: Uuid });

/** The keys of programs that call this interface. */
export async function apiKeyRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, logger } = context;
  const common = { tags: ['API keys'], security: CALLER_SECURITY };
  requireCaller(app, context);
  takeIdempotencyKeys(app, context);

  app.get(
    '/api-keys',
    {
      config: { action: 'api-keys' },
      schema: {
        ...common,
        summary: 'The API keys, without the keys themselves',
        querystring: ApiKeyQuery,
        response: { 200: ApiKeyPage, ...errorReplies },
      },
    },
    (request) => listApiKeys(database, callerOf(request).siteId, request.query),
  );

  app.post(
    '/api-keys',
    {
      config: { action: 'api-keys', answersSecret: true },
      schema: {
        ...common,
        summary: 'Make an API key. Nobody gives it more than they may do themselves',
        body: NewApiKey,
        response: { 201: MadeApiKey, ...errorReplies },
      },
    },
    async (request, reply) => {
      const by = changedBy(request, context);
      const { apiKey, key, receipts } = await createApiKey(database, by, request.body);
      logAudit(logger, ...receipts);
      return reply.status(201).send({ apiKey, key });
    },
  );

  app.delete(
    '/api-keys/:id',
    {
      config: { action: 'api-keys' },
      schema: {
        ...common,
        summary: 'Revoke an API key. It ends at once, and stays in the list',
        params: KeyParams,
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      const by = changedBy(request, context);
      logAudit(logger, ...(await revokeApiKey(database, by, request.params.id)));
      return reply.status(204).send(null);
    },
  );
}
