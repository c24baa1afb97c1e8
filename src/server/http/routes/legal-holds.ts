import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { LegalHold } from '../../../protocol/rest/recordings.ts';
import { closed, Uuid } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { changeLegalHold } from '../../retention/legal-hold.ts';
import { CALLER_SECURITY, callerOf, requireCaller } from '../callers.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

const CallParams = closed({ id: Uuid });

/** Keeps a call, with everything that belongs to it, from being deleted. */
export async function legalHoldRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, logger, proxies } = context;
  const common = {
    tags: ['retention and erasure'],
    security: CALLER_SECURITY,
    params: CallParams,
    response: { 204: Type.Null(), ...errorReplies },
  };
  const config = { action: 'retention' } as const;
  requireCaller(app, context);

  const change = async (
    request: Pick<FastifyRequest, 'raw'> & { readonly params: { readonly id: string } },
    reason: string | null,
  ): Promise<void> => {
    const { siteId, name, actor } = callerOf(request);
    const address = proxies.clientAddress(request.raw);
    const by = { siteId, callId: request.params.id, name, actor, address };
    logAudit(logger, await changeLegalHold(database, by, reason));
  };

  app.put(
    '/calls/:id/legal-hold',
    {
      config,
      schema: { ...common, summary: 'Let nothing of a call be deleted', body: LegalHold },
    },
    async (request, reply) => {
      await change(request, request.body.reason);
      return reply.status(204).send(null);
    },
  );

  app.delete(
    '/calls/:id/legal-hold',
    { config, schema: { ...common, summary: 'Lift the legal hold of a call' } },
    async (request, reply) => {
      await change(request, null);
      return reply.status(204).send(null);
    },
  );
}
