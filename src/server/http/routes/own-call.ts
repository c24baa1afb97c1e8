import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { RtcDeskError } from '../../../protocol/errors.ts';
import {
  NewRating,
  OwnCall,
  OwnCallLedger,
  OwnConversation,
  OwnErasure,
  OwnRating,
} from '../../../protocol/rest/own-call.ts';
import { DeviceReportBody, DeviceTestCode } from '../../../protocol/rest/device-test.ts';
import { closed, Uuid } from '../../../protocol/schema.ts';
import { ownCallCode, readOwnCallCode } from '../../after-call/own-call-code.ts';
import { findOwnCall, readOwnCall, type OwnCallCaller } from '../../after-call/own-call.ts';
import {
  ownConversationFile,
  readOwnConversation,
  readOwnPicture,
} from '../../after-call/own-conversation.ts';
import { orderOwnErasure, readOwnErasure } from '../../after-call/own-erasure.ts';
import { readOwnLedger } from '../../after-call/own-ledger.ts';
import { rateCall } from '../../after-call/rate-call.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { writeDeviceReport } from '../../calls/device-report.ts';
import { endCall } from '../../calls/end-call.ts';
import { readBearer } from '../bearer.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { PictureAnswer } from './images.ts';

const FILE_CODE_MS = 5 * 60_000;
const TEST_CODE_MS = 60 * 60_000;
const FileQuery = closed({ code: Type.String({ maxLength: 64 }) });

/** Bytes are sent as they are, so this schema is for the description only. */
const FileAnswer = {
  description: 'The file.',
  content: { 'text/html': { schema: Type.Unsafe<Readable>({ type: 'string' }) } },
};

/**
 * What a visitor sees of their own call. The bearer is the key of the call, which only the visitor's browser has, or the
 * code of the page `/my-call`. What changes the call, or is said in the visitor's name, takes the key. The erasure does
 * not: the key is gone when the page is read.
 */
export async function ownCallRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, key, logger } = context;
  const common = { tags: ['own call'], security: [{ ownCall: [] }] };
  app.addHook('onRequest', async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
  });

  const callerOf = (request: Pick<FastifyRequest, 'headers'>): Promise<OwnCallCaller> =>
    findOwnCall(database, key, readBearer(request));
  const visitorOf = async (request: Pick<FastifyRequest, 'headers'>): Promise<string> => {
    const { callId, withKey } = await callerOf(request);
    if (!withKey) throw new RtcDeskError('forbidden', 'This takes the key of the call.');
    return callId;
  };
  /** An address that a browser loads by itself has its code in the query. */
  const callOfFile = (code: string): string => {
    const id = readOwnCallCode(key, 'own-call-file', code, Date.now());
    if (id === null)
      throw new RtcDeskError('unauthorized', 'This code opens no file, or no longer.');
    return id;
  };

  app.get(
    '/own-call',
    {
      schema: {
        ...common,
        summary: 'The call that a key or a code opens',
        response: { 200: OwnCall, ...errorReplies },
      },
    },
    async (request) => readOwnCall(database, key, await callerOf(request)),
  );

  app.delete(
    '/own-call',
    {
      schema: {
        ...common,
        summary: 'The visitor ends the call. One that has ended stays as it is',
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      await endCall(database, { callId: await visitorOf(request), by: { role: 'visitor' } });
      return reply.status(204).send(null);
    },
  );

  app.post(
    '/own-call/device-test',
    {
      schema: {
        ...common,
        summary: 'A code for the page `/test/<site>`, so that its report goes to the call',
        response: { 200: DeviceTestCode, ...errorReplies },
      },
    },
    async (request) => {
      const expiresAt = Date.now() + TEST_CODE_MS;
      return {
        code: ownCallCode(key, 'device-test', await visitorOf(request), expiresAt),
        expiresAt,
      };
    },
  );

  app.put(
    '/device-report',
    {
      schema: {
        tags: ['device test'],
        security: [{ ownCall: [] }],
        summary: 'The report of a device test, for the call of the code',
        body: DeviceReportBody,
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      const callId = readOwnCallCode(key, 'device-test', readBearer(request), Date.now());
      if (callId === null) throw new RtcDeskError('unauthorized', 'This code opens no call.');
      await writeDeviceReport(database, callId, request.body);
      return reply.status(204).send(null);
    },
  );

  app.put(
    '/own-call/rating',
    {
      schema: {
        ...common,
        summary: 'Rate the call. The rating can be changed for five minutes',
        body: NewRating,
        response: { 200: OwnRating, ...errorReplies },
      },
    },
    async (request) => rateCall(database, await visitorOf(request), request.body),
  );

  app.get(
    '/own-call/ledger',
    {
      schema: {
        ...common,
        summary: 'Who was in the call, what was recorded, who has looked at it, when it is deleted',
        response: { 200: OwnCallLedger, ...errorReplies },
      },
    },
    async (request) => readOwnLedger(database, (await callerOf(request)).callId),
  );

  app.post(
    '/own-call/erasure',
    {
      schema: {
        ...common,
        summary: 'The visitor orders the erasure of the call. The code of the page is enough',
        response: { 202: OwnErasure, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { callId } = await callerOf(request);
      const receipt = await orderOwnErasure(database, callId);
      if (receipt) logAudit(logger, receipt);
      return reply.status(202).send(await readOwnErasure(database, key, callId));
    },
  );

  app.get(
    '/own-call/erasure',
    {
      schema: {
        ...common,
        summary: 'How far the erasure of the call is, and its certificate',
        response: { 200: OwnErasure, ...errorReplies },
      },
    },
    async (request) => readOwnErasure(database, key, (await callerOf(request)).callId),
  );

  app.get(
    '/own-call/conversation',
    {
      schema: {
        ...common,
        summary: 'What was said in the chat',
        response: { 200: OwnConversation, ...errorReplies },
      },
    },
    async (request) => {
      const { callId } = await callerOf(request);
      return {
        messages: await readOwnConversation(database, callId),
        fileCode: ownCallCode(key, 'own-call-file', callId, Date.now() + FILE_CODE_MS),
      };
    },
  );

  app.get(
    '/own-call/conversation/file',
    {
      schema: {
        ...common,
        security: [],
        summary: 'What was said, as one HTML file with its pictures',
        querystring: FileQuery,
        response: { 200: FileAnswer, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { name, pieces } = await ownConversationFile(database, callOfFile(request.query.code));
      return reply
        .header('content-disposition', `attachment; filename="${name}"`)
        .type('text/html; charset=utf-8')
        .send(Readable.from(pieces));
    },
  );

  app.get(
    '/own-call/pictures/:picture',
    {
      schema: {
        ...common,
        security: [],
        summary: 'A picture of the conversation',
        params: closed({ picture: Uuid }),
        querystring: FileQuery,
        response: { 200: PictureAnswer, ...errorReplies },
      },
    },
    async (request, reply) => {
      const callId = callOfFile(request.query.code);
      const bytes = await readOwnPicture(database, callId, request.params.picture);
      return reply
        .header('content-disposition', 'inline; filename="picture.webp"')
        .type('image/webp')
        .send(bytes);
    },
  );
}
