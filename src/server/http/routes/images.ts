import multipart from '@fastify/multipart';
import { Type, type Static } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { limits } from '../../../protocol/limits.ts';
import { verifyChatToken, type ChatBearer } from '../../identity/chat-token.ts';
import { readBearer } from '../bearer.ts';
import { errorReplies } from '../errors.ts';
import type { HttpContext } from '../http-context.ts';
import { checkMayUpload, keepImage, readImage } from '../../chat/image-store.ts';
import { encodePicture } from '../../chat/encode-picture.ts';
import { RoomParams } from './rooms.ts';

const ImageParams = Type.Object({
  ...RoomParams.properties,
  id: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
});
const Image = Type.Object({ id: Type.String(), width: Type.Integer(), height: Type.Integer() });

/** The pictures of a conversation: brought and fetched with the chat token of a ticket. */
export async function imageRoutes(app: FastifyInstance, context: HttpContext): Promise<void> {
  const { database, key } = context;
  const common = { tags: ['pictures'], security: [{ chat: [] }] };
  const bearers = new WeakMap<FastifyRequest, ChatBearer>();
  const bearerOf = (request: FastifyRequest): ChatBearer => {
    const bearer = bearers.get(request);
    if (!bearer) throw new Error('This route does not ask for a chat token.');
    return bearer;
  };

  // Before a body is read: nobody unknown makes this server hold ten megabytes.
  app.addHook('preParsing', async (request) => {
    const bearer = await verifyChatToken(key, readBearer(request));
    if (String(bearer.room) !== (request.params as { number: string }).number) {
      throw new RtcDeskError('forbidden', 'The token is for another room.');
    }
    if (request.method === 'POST') await checkMayUpload(database, bearer);
    bearers.set(request, bearer);
  });
  app.removeAllContentTypeParsers();
  for (const type of [/^image\//, 'application/octet-stream']) {
    app.addContentTypeParser(
      type,
      { parseAs: 'buffer', bodyLimit: limits.imageBytes },
      (_request: FastifyRequest, body: Buffer, done: (error: null, body: Buffer) => void) =>
        done(null, body),
    );
  }
  await app.register(multipart, {
    limits: { fileSize: limits.imageBytes, files: 1, fields: 4, fieldSize: 1024, parts: 5 },
  });
  app.setErrorHandler((error: { statusCode?: number }) => {
    // Handed on to the one that answers everything, in the words of pictures.
    throw inPictureWords(error.statusCode) ?? error;
  });

  app.post<{ Params: Static<typeof RoomParams> }>(
    '/rooms/:number/images',
    {
      schema: {
        ...common,
        summary: 'Bring a picture: the body itself, or the file of a form',
        params: RoomParams,
        response: { 201: Image, ...errorReplies },
      },
      config: { rateLimit: { max: 60, timeWindow: '1 minute' } },
    },
    async (request, reply) => {
      const picture = await encodePicture(await readUpload(request));
      return reply.status(201).send(await keepImage(database, bearerOf(request), picture));
    },
  );

  app.get<{ Params: Static<typeof ImageParams> }>(
    '/rooms/:number/images/:id',
    { schema: { ...common, summary: 'Fetch a picture', params: ImageParams } },
    async (request, reply) => {
      const { type, bytes } = await readImage(database, bearerOf(request), request.params.id);
      return reply
        .headers({
          'cache-control': 'private, max-age=3600',
          vary: 'Authorization, Origin',
          'content-disposition': 'inline; filename="picture.webp"',
        })
        .type(type)
        .send(bytes);
    },
  );
}

async function readUpload(request: FastifyRequest): Promise<Buffer> {
  if (!request.isMultipart()) {
    if (Buffer.isBuffer(request.body) && request.body.length > 0) return request.body;
    throw new RtcDeskError('image-not-supported', 'The request brings no picture.');
  }
  const file = await readForm(() => request.file());
  if (!file) throw new RtcDeskError('image-not-supported', 'The form brings no file.');
  return readForm(() => file.toBuffer());
}

/** What the reader of forms has no status for is a form that is broken: without a boundary, or an end. */
async function readForm<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== undefined) throw error;
    throw new RtcDeskError('bad-message', 'The form cannot be read.', { cause: error });
  }
}

function inPictureWords(status: number | undefined): RtcDeskError | null {
  if (status === 413) return new RtcDeskError('image-too-large', 'A picture may have 10 MB.');
  if (status === 415) return new RtcDeskError('image-not-supported', 'This is no picture.');
  return null;
}
