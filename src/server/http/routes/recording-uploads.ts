import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { RtcDeskError } from '../../../protocol/errors.ts';
import {
  MAX_SLICE_BYTES,
  NewSegment,
  OffsetError,
  SegmentEnd,
  SLICE_CHAIN,
  SLICE_TYPE,
  SliceChain,
  StoredSegment,
  UPLOAD_OFFSET,
} from '../../../protocol/rest/recordings.ts';
import { RestError } from '../../../protocol/rest/rest-error.ts';
import { closed, Uuid } from '../../../protocol/schema.ts';
import { verifyAgentToken } from '../../identity/verify-agent-token.ts';
import {
  appendSlice,
  beginSegment,
  completeSegment,
  readSegment,
  type OwnSegment,
} from '../../recordings/segments.ts';
import { readSessionToken } from '../agent-request.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

const RecordingParams = closed({ recording: Uuid });
const SegmentParams = closed({ recording: Uuid, segment: Uuid });
const SliceHeaders = Type.Object({
  [UPLOAD_OFFSET]: Type.Integer({ minimum: 0, description: 'Bytes that lie before the slice.' }),
  [SLICE_CHAIN]: SliceChain,
});

/** Of one address in a minute: 300 agents, each with a slice every two seconds and some that wait. */
const LIMIT = { rateLimit: { max: 12_000, timeWindow: '1 minute' } };

/** What desks send of the calls that they record. Everybody but the segment's agent is answered `not-found`. */
export async function recordingUploadRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, key, recordingFolder: folder } = context;
  const common = { tags: ['recordings'], security: [{ session: [] }] };
  /** By the raw request, which is the same object in hooks and handlers. */
  const agents = new WeakMap<object, string>();
  const agentOf = ({ raw }: { readonly raw: object }): string => {
    const agent = agents.get(raw);
    if (agent === undefined) throw new Error('This route requires no agent.');
    return agent;
  };
  const ownSegment = (
    request: Pick<FastifyRequest, 'raw'> & {
      readonly params: { readonly recording: string; readonly segment: string };
    },
  ): OwnSegment => ({
    recordingId: request.params.recording,
    segmentId: request.params.segment,
    agentId: agentOf(request),
  });

  // Before the body is read, so that nobody unknown makes this server hold four megabytes.
  app.addHook('preParsing', async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    const { agentId } = await verifyAgentToken(database, key, readSessionToken(request));
    agents.set(request.raw, agentId);
  });
  app.addContentTypeParser(
    SLICE_TYPE,
    { parseAs: 'buffer', bodyLimit: MAX_SLICE_BYTES },
    (_request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) =>
      done(null, body),
  );
  app.setErrorHandler((error: { statusCode?: number }) => {
    // The handler of the whole app answers what is thrown here.
    if (error.statusCode === 413) {
      throw new RestError('slice-too-large', 'A slice may have 4 MiB.');
    }
    throw error;
  });

  app.post(
    '/recordings/:recording/segments',
    {
      config: LIMIT,
      schema: {
        ...common,
        summary: 'Begin a segment of a recording. The same id again answers with the same segment',
        params: RecordingParams,
        body: NewSegment,
        response: { 200: StoredSegment, 201: StoredSegment, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { segment, created } = await beginSegment(database, key, {
        recordingId: request.params.recording,
        agentId: agentOf(request),
        segment: request.body,
      });
      return reply.status(created ? 201 : 200).send(segment);
    },
  );

  app.patch(
    '/recordings/:recording/segments/:segment',
    {
      config: LIMIT,
      schema: {
        ...common,
        summary: 'Add a slice to a segment',
        consumes: [SLICE_TYPE],
        params: SegmentParams,
        headers: SliceHeaders,
        response: {
          204: Type.Null(),
          409: Type.Union([OffsetError, errorReplies['4xx']]),
          ...errorReplies,
        },
      },
    },
    async (request, reply) => {
      const body: unknown = request.body;
      if (!Buffer.isBuffer(body) || body.length === 0) {
        throw new RtcDeskError('bad-message', 'The request has no slice.');
      }
      const stored = await appendSlice(database, { folder, serverKey: key }, ownSegment(request), {
        offset: request.headers[UPLOAD_OFFSET],
        chain: request.headers[SLICE_CHAIN],
        bytes: body,
      });
      return reply.status(204).header(UPLOAD_OFFSET, stored).send(null);
    },
  );

  app.head(
    '/recordings/:recording/segments/:segment',
    {
      config: LIMIT,
      schema: {
        ...common,
        summary: 'How much of a segment is stored',
        params: SegmentParams,
        response: { 200: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      const { offset, chain } = await readSegment(database, ownSegment(request));
      void reply.header(UPLOAD_OFFSET, offset);
      if (chain !== null) void reply.header(SLICE_CHAIN, chain);
      return reply.send(null);
    },
  );

  app.post(
    '/recordings/:recording/segments/:segment/complete',
    {
      config: LIMIT,
      schema: {
        ...common,
        summary: 'Say that a segment is complete',
        params: SegmentParams,
        body: SegmentEnd,
        response: { 204: Type.Null(), ...errorReplies },
      },
    },
    async (request, reply) => {
      await completeSegment(database, ownSegment(request), request.body);
      return reply.status(204).send(null);
    },
  );
}
