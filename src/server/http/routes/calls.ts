import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { ChatMessage } from '../../../protocol/chat.ts';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { closed, Nullable, Uuid } from '../../../protocol/schema.ts';
import type { AuditEntry } from '../../audit/audit-entry.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { writeAudit } from '../../audit/write-audit.ts';
import {
  CallRecord,
  CallSummary,
  listCalls,
  readCallRecord,
  readCallRoom,
} from '../../calls/call-record.ts';
import type { Queryable } from '../../database/database.ts';
import { readMessages } from '../../chat/read-messages.ts';
import { requestOrigin } from '../agent-request.ts';
import { CALLER_SECURITY, callerOf, requireCaller } from '../callers.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

/** The largest date of JavaScript, in ms since 1970. */
const MAX_DATE_MS = 8.64e15;
/** Later than any call, and within what PostgreSQL's timestamps hold. */
const END_OF_TIME_MS = Date.UTC(9999, 0, 1);
const MAX_PAGE_CALLS = 200;
const PAGE_CALLS = 50;

const Time = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_DATE_MS, description }));
const CallParams = closed({ id: Uuid });
const ListQuery = Type.Object({
  from: Time('Requested at this time or later, in ms since 1970.'),
  to: Time('Requested before this time, in ms since 1970.'),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_PAGE_CALLS, default: PAGE_CALLS })),
  cursor: Type.Optional(Type.String({ maxLength: 128, description: 'From the page before.' })),
});
const CallPage = closed({
  calls: Type.Array(CallSummary),
  cursor: Nullable(Type.String({ description: 'For the next page; null on the last page.' })),
});
const MessageQuery = Type.Object({
  after: Type.Optional(
    Type.Integer({ minimum: 0, default: 0, description: 'The last sequence you have.' }),
  ),
});
const Messages = closed({
  messages: Type.Array(ChatMessage, {
    description: 'In order, at most 100. Ask again with the last sequence until none comes.',
  }),
});

/** The records of a site's calls, for its backend and its CRM. A call of another site is not found. */
export async function callRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, logger, proxies } = context;
  const common = { tags: ['calls'], security: CALLER_SECURITY };
  /** Reads, and tells the security log of it in the same transaction. Null is answered with 404. */
  const readAudited = async <T>(
    request: FastifyRequest,
    what: Pick<AuditEntry, 'subject' | 'after'>,
    read: (tx: Queryable) => Promise<T | null | undefined>,
  ): Promise<T> => {
    const { found, receipt } = await database.transaction(async (tx) => {
      const value = await read(tx);
      if (value === null || value === undefined) throw notFound();
      const entry = {
        site: callerOf(request).siteId,
        type: 'record-read',
        actor: callerOf(request).actor,
        address: requestOrigin(request, proxies).address,
        ...what,
      } as const;
      return { found: value, receipt: await writeAudit(tx, entry) };
    });
    logAudit(logger, receipt);
    return found;
  };
  requireCaller(app, context);

  app.get(
    '/calls',
    {
      config: { action: 'records' },
      schema: {
        ...common,
        summary: 'Calls, newest first',
        querystring: ListQuery,
        response: { 200: CallPage, ...errorReplies },
      },
    },
    async (request) => {
      const { from = 0, to = END_OF_TIME_MS, limit = PAGE_CALLS, cursor } = request.query;
      const what = { after: { list: { from, to, limit } } };
      return readAudited(request, what, async (tx) => {
        const page = await listCalls(tx, callerOf(request).siteId, {
          from: Math.min(from, END_OF_TIME_MS),
          to: Math.min(to, END_OF_TIME_MS),
          limit,
          cursor,
        });
        if (!page) throw new RtcDeskError('bad-message', 'The cursor is not from a page of calls.');
        return page;
      });
    },
  );

  app.get(
    '/calls/:id',
    {
      config: { action: 'records' },
      schema: {
        ...common,
        summary: 'A call with its legs and events',
        params: CallParams,
        response: { 200: CallRecord, ...errorReplies },
      },
    },
    async (request) => {
      const { id } = request.params;
      return readAudited(request, { subject: `call:${id}` }, (tx) =>
        readCallRecord(tx, callerOf(request).siteId, id),
      );
    },
  );

  app.get(
    '/calls/:id/messages',
    {
      config: { action: 'records' },
      schema: {
        ...common,
        summary: 'The chat of a call',
        params: CallParams,
        querystring: MessageQuery,
        response: { 200: Messages, ...errorReplies },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { after = 0 } = request.query;
      const what = { subject: `call:${id}`, after: { transcript: true } };
      return readAudited(request, what, async (tx) => {
        const room = await readCallRoom(tx, callerOf(request).siteId, id);
        if (room === undefined) return undefined;
        // A call that nobody accepted never had a room.
        return { messages: room === null ? [] : await readMessages(tx, { room, after }) };
      });
    },
  );
}

function notFound(): RtcDeskError {
  return new RtcDeskError('not-found', 'Your site has no such call.');
}
