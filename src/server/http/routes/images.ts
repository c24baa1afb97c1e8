import multipart from '@fastify/multipart';
import { Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { ChatImage } from '../../../protocol/chat.ts';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { limits } from '../../../protocol/limits.ts';
import { closed, RoomNumber, Uuid } from '../../../protocol/schema.ts';
import { encodePicture } from '../../chat/encode-picture.ts';
import { checkMayUpload, readImage, storeImage } from '../../chat/image-store.ts';
import { verifyChatToken, type ChatBearer } from '../../identity/chat-token.ts';
import { readBearer } from '../bearer.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { RoomParams } from './rooms.ts';

const ImageParams = closed({ number: RoomNumber, id: Uuid });

/** Bytes are sent as they are, so this schema is for the description only. */
export const PictureAnswer = {
  description: 'The picture.',
  content: { 'image/webp': { schema: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }) } },
};

/** The pictures of a room's chat. The bearer is the chat token of a ticket. */
export async function imageRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, key } = context;
  const common = { tags: ['pictures'], security: [{ chat: [] }] };
  /** By the raw request, which is the same object in hooks and handlers. */
  const bearers = new WeakMap<object, ChatBearer>();
  const bearerOf = ({ raw }: { readonly raw: object }): ChatBearer => {
    const bearer = bearers.get(raw);
    if (!bearer) throw new Error('This route does not require a chat token.');
    return bearer;
  };

  // Before the body is read, so that nobody unknown makes this server hold ten megabytes.
  app.addHook('preParsing', async (request) => {
    const bearer = await verifyChatToken(key, readBearer(request));
    if (String(bearer.room) !== (request.params as { number: string }).number) {
      throw new RtcDeskError('forbidden', 'The token is for another room.');
    }
    if (request.method === 'POST') await checkMayUpload(database, bearer);
    bearers.set(request.raw, bearer);
  });
  takePictures(app);
  await app.register(multipart, {
    limits: { fileSize: limits.imageBytes, files: 1, fields: 4, fieldSize: 1024, parts: 5 },
  });
  app.setErrorHandler((error: { statusCode?: number }) => {
    // The handler of the whole app answers what is thrown here.
    throw pictureError(error.statusCode) ?? error;
  });

  app.post(
    '/rooms/:number/images',
    {
      schema: {
        ...common,
        summary: 'Upload a picture: as the body itself, or as the file of a form',
        params: RoomParams,
        response: { 201: ChatImage, ...errorReplies },
      },
      config: { rateLimit: { max: 60, timeWindow: '1 minute' } },
    },
    async (request, reply) => {
      const upload = await readUpload(request as unknown as FastifyRequest);
      const picture = await encodePicture(upload);
      return reply.status(201).send(await storeImage(database, bearerOf(request), picture));
    },
  );

  app.get(
    '/rooms/:number/images/:id',
    {
      schema: {
        ...common,
        summary: 'Read a picture',
        params: ImageParams,
        response: { 200: PictureAnswer, ...errorReplies },
      },
    },
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

/** Bodies are pictures: buffers of at most the bytes of a picture. */
export function takePictures(app: HttpApp): void {
  app.removeAllContentTypeParsers();
  for (const type of [/^image\//, 'application/octet-stream']) {
    app.addContentTypeParser(
      type,
      { parseAs: 'buffer', bodyLimit: limits.imageBytes },
      (_request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) =>
        done(null, body),
    );
  }
}

async function readUpload(request: FastifyRequest): Promise<Buffer> {
  if (!request.isMultipart()) {
    if (Buffer.isBuffer(request.body) && request.body.length > 0) return request.body;
    throw new RtcDeskError('image-not-supported', 'The request has no picture.');
  }
  const file = await readForm(() => request.file());
  if (!file) throw new RtcDeskError('image-not-supported', 'The form has no file.');
  return readForm(() => file.toBuffer());
}

/** The form reader's errors without a status are about broken forms: without a boundary, or cut off. */
async function readForm<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== undefined) throw error;
    throw new RtcDeskError('bad-message', 'The form cannot be read.', { cause: error });
  }
}

/** The framework's error by its status, with a picture's code. */
export function pictureError(status: number | undefined): RtcDeskError | null {
  if (status === 413) return new RtcDeskError('image-too-large', 'A picture may have 10 MB.');
  if (status === 415) return new RtcDeskError('image-not-supported', 'This is no picture.');
  return null;
}
