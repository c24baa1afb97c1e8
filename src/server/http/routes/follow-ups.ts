import type { FastifyRequest } from 'fastify';
import { Type } from '@sinclair/typebox';
import {
  FollowUp,
  FollowUpChange,
  FollowUpPage,
  FollowUpQuery,
} from '../../../protocol/rest/follow-ups.ts';
import { closed, Uuid } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import {
  answerByCallback,
  changeFollowUp,
  deleteFollowUp,
  readFollowUp,
  type FollowUpAsked,
} from '../../follow-ups/change-follow-up.ts';
import { listFollowUps } from '../../follow-ups/list-follow-ups.ts';
import { CALLER_SECURITY, callerOf, groupsOf, requireCaller } from '../callers.ts';
import { readIfMatch } from '../conditional.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

const Params = closed({ id: Uuid });

/** Messages and callbacks that visitors left in a flow. Agents see those of their groups. */
export async function followUpRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, logger, proxies } = context;
  const common = { tags: ['follow-ups'], security: CALLER_SECURITY };
  requireCaller(app, context);

  const reachOf = (request: Pick<FastifyRequest, 'raw'>) => {
    const caller = callerOf(request);
    return { siteId: caller.siteId, groups: groupsOf(caller) };
  };
  const asked = (
    request: Pick<FastifyRequest, 'raw' | 'headers'> & { readonly params: { id: string } },
  ): FollowUpAsked => {
    const { name: by, reach, agentId } = callerOf(request);
    return {
      ...reachOf(request),
      id: request.params.id,
      version: readIfMatch(request),
      by,
      onlyAssignee: reach === 'own' ? agentId : null,
    };
  };

  app.get(
    '/follow-ups',
    {
      config: { action: 'records' },
      schema: {
        ...common,
        summary: 'Messages and callbacks that visitors left, the newest first',
        querystring: FollowUpQuery,
        response: { 200: FollowUpPage, ...errorReplies },
      },
    },
    (request) => listFollowUps(database, reachOf(request), request.query),
  );

  app.get(
    '/follow-ups/:id',
    {
      config: { action: 'records' },
      schema: {
        ...common,
        summary: 'A message or callback',
        params: Params,
        response: { 200: FollowUp, ...errorReplies },
      },
    },
    async (request, reply) => {
      const found = await readFollowUp(database, reachOf(request), request.params.id);
      void reply.header('etag', `"${found.version}"`);
      return found;
    },
  );

  app.patch(
    '/follow-ups/:id',
    {
      config: { action: 'records' },
      schema: {
        ...common,
        summary: 'Say who takes care of it, or note that somebody has answered',
        params: Params,
        body: FollowUpChange,
        response: { 200: FollowUp, ...errorReplies },
      },
    },
    async (request, reply) => {
      const changed = await changeFollowUp(database, asked(request), request.body);
      void reply.header('etag', `"${changed.version}"`);
      return changed;
    },
  );

  app.post(
    '/follow-ups/:id/callback',
    {
      config: { action: 'records' },
      schema: {
        ...common,
        summary: 'Answer a message by a callback, or begin a callback that failed anew',
        params: Params,
        response: { 201: FollowUp, ...errorReplies },
      },
    },
    async (request, reply) => {
      const begun = await answerByCallback(database, asked(request));
      return reply.header('etag', `"${begun.version}"`).status(201).send(begun);
    },
  );

  app.delete(
    '/follow-ups/:id',
    {
      config: { action: 'follow-ups' },
      schema: {
        ...common,
        summary: 'Delete a message or callback',
        params: Params,
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      const { actor } = callerOf(request);
      const address = proxies.clientAddress(request.raw);
      logAudit(logger, await deleteFollowUp(database, asked(request), { actor, address }));
      return reply.status(204).send(null);
    },
  );
}
