import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { ChatMessage } from '../../../protocol/chat.ts';
import {
  CallExportQuery,
  CallPage,
  CallQuery,
  CallRecord,
  Transcript,
} from '../../../protocol/rest/calls.ts';
import { closed, OneOf, Uuid } from '../../../protocol/schema.ts';
import { isReading } from '../../audit/recent-reading.ts';
import { readCallPicture, readCallRecord, readCallRoom } from '../../calls/call-record.ts';
import { exportCsv, exportJson } from '../../calls/export-calls.ts';
import { listCalls } from '../../calls/list-calls.ts';
import { readTranscript, transcriptHtml } from '../../calls/transcript.ts';
import { readMessages } from '../../chat/read-messages.ts';
import type { Queryable } from '../../database/database.ts';
import { CALLER_SECURITY, callerOf, requireCaller, scopeOf } from '../callers.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { auditedReader } from '../read-audited.ts';
import { PictureAnswer } from './images.ts';

const CallParams = closed({ id: Uuid });
const PictureParams = closed({ id: Uuid, picture: Uuid });
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
const TranscriptQuery = Type.Object({
  format: Type.Optional(OneOf('json', 'html')),
});
/** The pictures of a transcript come from this server alone. */
const TRANSCRIPT_POLICY = "default-src 'none'; img-src 'self'; frame-ancestors 'none'";

/** The records of a site's calls. A call outside of what the caller may read is not found. */
export async function callRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database } = context;
  const common = { tags: ['calls'], security: CALLER_SECURITY };
  const config = { action: 'records' } as const;
  const readAudited = auditedReader(context, notFound);
  requireCaller(app, context);

  app.get(
    '/calls',
    {
      config,
      schema: {
        ...common,
        summary: 'Calls, newest first. Supervisors see those of their groups, agents their own',
        querystring: CallQuery,
        response: { 200: CallPage, ...errorReplies },
      },
    },
    async (request) => {
      const { limit, cursor, sort, ...filter } = request.query;
      return readAudited(request, { after: { list: filter } }, (tx) =>
        listCalls(tx, scopeOf(request), filter, { limit, cursor, sort }),
      );
    },
  );

  app.get(
    '/calls/export',
    {
      config,
      schema: {
        ...common,
        summary: 'All calls of a filter as a file (CSV or JSON)',
        querystring: CallExportQuery,
        response: { 200: FileAnswer, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { format, language = 'en', ...filter } = request.query;
      const scope = scopeOf(request);
      await readAudited(request, { after: { export: filter } }, () => Promise.resolve(true));
      const pieces =
        format === 'csv'
          ? exportCsv(database, scope, filter, language)
          : exportJson(database, scope, filter);
      return reply
        .header('content-disposition', `attachment; filename="calls.${format}"`)
        .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8')
        .send(Readable.from(pieces));
    },
  );

  app.get(
    '/calls/:id',
    {
      config,
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
        readCallRecord(tx, scopeOf(request), id),
      );
    },
  );

  app.get(
    '/calls/:id/messages',
    {
      config,
      schema: {
        ...common,
        summary: 'The chat of a call, page by page',
        params: CallParams,
        querystring: MessageQuery,
        response: { 200: Messages, ...errorReplies },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { after = 0 } = request.query;
      const what = { subject: `call:${id}`, after: { transcript: true } };
      const read = async (tx: Queryable) => {
        const room = await readCallRoom(tx, scopeOf(request), id);
        if (room === undefined) return undefined;
        // A call that nobody accepted never had a room.
        return { messages: room === null ? [] : await readMessages(tx, { room, after }) };
      };
      const { siteId, actor } = callerOf(request);
      // The reading is in the log if its first page is. Who begins at a later page is told of, too.
      if (after === 0 || !(await isReading(database, siteId, actor, what))) {
        return readAudited(request, what, read);
      }
      const page = await read(database);
      if (!page) throw notFound();
      return page;
    },
  );

  app.get(
    '/calls/:id/transcript',
    {
      config,
      schema: {
        ...common,
        summary: 'The whole conversation of a call, as JSON or as a page',
        params: CallParams,
        querystring: TranscriptQuery,
        response: { 200: Transcript, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const what = { subject: `call:${id}`, after: { transcript: true } };
      const transcript = await readAudited(request, what, (tx) =>
        readTranscript(tx, scopeOf(request), id),
      );
      if (request.query.format !== 'html') return transcript;
      return reply
        .header('content-security-policy', TRANSCRIPT_POLICY)
        .type('text/html; charset=utf-8')
        .serializer((page: unknown) => page as string)
        .send(transcriptHtml(transcript) as never);
    },
  );

  app.get(
    '/calls/:id/pictures/:picture',
    {
      config,
      schema: {
        ...common,
        summary: 'A picture of the conversation of a call',
        params: PictureParams,
        response: { 200: PictureAnswer, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { id, picture } = request.params;
      const bytes = await readCallPicture(database, scopeOf(request), id, picture);
      if (!bytes) throw notFound();
      return reply
        .header('content-disposition', 'inline; filename="picture.webp"')
        .type('image/webp')
        .send(bytes);
    },
  );
}

/** Bytes are sent as they are, so this schema is for the description only. */
const FileAnswer = {
  description: 'The file.',
  content: {
    'text/csv': { schema: Type.Unsafe<Readable>({ type: 'string' }) },
    'application/json': { schema: Type.Unsafe<Readable>({ type: 'string' }) },
  },
};

function notFound(): RtcDeskError {
  return new RtcDeskError('not-found', 'Your site has no such call.');
}
