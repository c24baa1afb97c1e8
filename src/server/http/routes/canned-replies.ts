import { randomUUID } from 'node:crypto';
import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import {
  CannedReply,
  CannedReplyChange,
  CannedReplyPage,
  CannedReplyQuery,
  NewCannedReply,
} from '../../../protocol/rest/canned-replies.ts';
import { closed, Uuid } from '../../../protocol/schema.ts';
import { logAudit } from '../../audit/log-audit.ts';
import {
  changeReply,
  deleteReply,
  listReplies,
  makeReply,
  readReply,
  type ReplyChanger,
  type ReplyReader,
} from '../../configuration/canned-replies.ts';
import { CALLER_SECURITY, callerOf, changedBy, groupsOf, requireCaller } from '../callers.ts';
import { readIfMatch, setVersion } from '../conditional.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { takeIdempotencyKeys } from '../idempotency.ts';

/** `:id` of a reply's address. */
export const ReplyParams = closed({ id: Uuid });

export const replyReader = (request: { readonly raw: object }): ReplyReader => {
  const caller = callerOf(request);
  return { siteId: caller.siteId, agentId: caller.agentId, groups: groupsOf(caller) };
};

export const replyChanger = (
  request: Pick<FastifyRequest, 'raw'>,
  context: HttpContext,
): ReplyChanger => ({
  ...changedBy(request, context),
  ...replyReader(request),
  reach: callerOf(request).reach,
});

/** Texts that agents send by a shortcut. Their pictures are in canned-reply-pictures.ts. */
export async function cannedReplyRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, logger } = context;
  const common = { tags: ['canned replies'], security: CALLER_SECURITY };
  requireCaller(app, context);
  takeIdempotencyKeys(app, context);

  app.get(
    '/canned-replies',
    {
      config: { action: 'directory' },
      schema: {
        ...common,
        summary: 'The replies of the site, of the own groups, and one’s own',
        querystring: CannedReplyQuery,
        response: { 200: CannedReplyPage, ...errorReplies },
      },
    },
    (request) => listReplies(database, replyReader(request), request.query),
  );

  app.post(
    '/canned-replies',
    {
      config: { action: 'replies' },
      schema: {
        ...common,
        summary: 'Make a reply: one’s own; of a group one supervises; or of the site',
        body: NewCannedReply,
        response: { 201: CannedReply, ...errorReplies },
      },
    },
    async (request, reply) => {
      const by = replyChanger(request, context);
      const made = await makeReply(database, by, randomUUID(), request.body);
      logAudit(logger, ...made.receipts);
      setVersion(reply, made.reply);
      return reply.status(201).send(made.reply);
    },
  );

  app.get(
    '/canned-replies/:id',
    {
      config: { action: 'directory' },
      schema: {
        ...common,
        summary: 'A canned reply',
        params: ReplyParams,
        response: { 200: CannedReply, ...errorReplies },
      },
    },
    async (request, reply) => {
      const found = await readReply(database, replyReader(request), request.params.id);
      setVersion(reply, found);
      return found;
    },
  );

  app.patch(
    '/canned-replies/:id',
    {
      config: { action: 'replies' },
      schema: {
        ...common,
        summary: 'Change it. What is left out stays as it is',
        params: ReplyParams,
        body: CannedReplyChange,
        response: { 200: CannedReply, ...errorReplies },
      },
    },
    async (request, reply) => {
      const changed = await changeReply(database, replyChanger(request, context), {
        id: request.params.id,
        version: readIfMatch(request),
        change: request.body,
      });
      logAudit(logger, ...changed.receipts);
      setVersion(reply, changed.reply);
      return changed.reply;
    },
  );

  app.delete(
    '/canned-replies/:id',
    {
      config: { action: 'replies' },
      schema: {
        ...common,
        summary: 'Delete it',
        params: ReplyParams,
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      const version = readIfMatch(request);
      const { id } = request.params;
      const by = replyChanger(request, context);
      logAudit(logger, ...(await deleteReply(database, by, { id, version })));
      return reply.status(204).send(null);
    },
  );
}
