import { Type, type Static } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { readMessages } from '../../chat/read-messages.ts';
import { siteOf, requireApiToken } from '../bearer.ts';
import { CallRecord, CallSummary, listCalls, readCallRecord } from '../../calls/call-record.ts';
import { errorReplies } from '../errors.ts';
import type { HttpContext } from '../http-context.ts';

const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
/** Ms since 1970, as far as a date of JavaScript goes. */
const Time = (description: string) => Type.Integer({ minimum: 0, maximum: 8.64e15, description });

const CallParams = Type.Object({ id: Type.String({ pattern: UUID }) });
const ListQuery = Type.Object({
  from: Type.Optional(Time('Requested at this time or later.')),
  to: Type.Optional(Time('Requested before this time.')),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  cursor: Type.Optional(Type.String({ maxLength: 128, description: 'From the page before.' })),
});
const List = Type.Object({
  calls: Type.Array(CallSummary),
  cursor: Type.Union([Type.String(), Type.Null()], {
    description: 'For the next page; null on the last.',
  }),
});
const MessageQuery = Type.Object({
  after: Type.Optional(
    Type.Integer({ minimum: 0, default: 0, description: 'The last sequence you have.' }),
  ),
});
const Messages = Type.Object({
  messages: Type.Array(
    Type.Object({
      sequence: Type.Integer(),
      id: Type.String(),
      from: Type.String({ description: 'The sender’s join.' }),
      name: Type.String(),
      role: Type.String({ description: 'visitor, agent or guest' }),
      sentAt: Type.Number(),
      text: Type.Union([Type.String(), Type.Null()]),
      image: Type.Union([
        Type.Object({ id: Type.String(), width: Type.Integer(), height: Type.Integer() }),
        Type.Null(),
      ]),
    }),
    { description: 'At most 100, in order: ask again with the last sequence until none comes.' },
  ),
});

/** Beyond any year that a timestamp of the database can hold with ease. */
const END_OF_TIME = Date.UTC(9999, 0, 1);

/** The records of a site's calls, for its backend and its CRM. Another site's call is not found. */
export async function callRoutes(app: FastifyInstance, context: HttpContext): Promise<void> {
  const { database } = context;
  const common = { tags: ['calls'], security: [{ api: [] }] };
  requireApiToken(app, context);

  app.get<{ Querystring: Static<typeof ListQuery> }>(
    '/calls',
    {
      schema: {
        ...common,
        summary: 'Calls, newest first',
        querystring: ListQuery,
        response: { 200: List, ...errorReplies },
      },
    },
    async (request) => {
      const { from = 0, to = END_OF_TIME, limit = 50, cursor } = request.query;
      const list = await listCalls(database, siteOf(request), {
        from: Math.min(from, END_OF_TIME),
        to: Math.min(to, END_OF_TIME),
        limit,
        cursor,
      });
      if (!list)
        throw new RtcDeskError('bad-message', 'This cursor does not come from a page before.');
      return list;
    },
  );

  app.get<{ Params: Static<typeof CallParams> }>(
    '/calls/:id',
    {
      schema: {
        ...common,
        summary: 'A call, with every transition and offer',
        params: CallParams,
        response: { 200: CallRecord, ...errorReplies },
      },
    },
    async (request) => {
      const record = await readCallRecord(database, siteOf(request), request.params.id);
      if (!record) throw notFound();
      return record;
    },
  );

  app.get<{ Params: Static<typeof CallParams>; Querystring: Static<typeof MessageQuery> }>(
    '/calls/:id/messages',
    {
      schema: {
        ...common,
        summary: 'What was said in a call',
        params: CallParams,
        querystring: MessageQuery,
        response: { 200: Messages, ...errorReplies },
      },
    },
    async (request) => {
      const { rows } = await database.query<{ room: number | null }>(
        'select room from calls where id = $1 and site_id = $2',
        [request.params.id, siteOf(request)],
      );
      const call = rows[0];
      if (!call) throw notFound();
      // A call that nobody accepted never had a room.
      if (call.room === null) return { messages: [] };
      const { after = 0 } = request.query;
      return { messages: await readMessages(database, { room: call.room, after }) };
    },
  );
}

function notFound(): RtcDeskError {
  return new RtcDeskError('not-found', 'Your site has no such call.');
}
