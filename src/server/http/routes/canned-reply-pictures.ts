import { RtcDeskError } from '../../../protocol/errors.ts';
import { limits } from '../../../protocol/limits.ts';
import { CannedReply } from '../../../protocol/rest/canned-replies.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { encodePicture } from '../../chat/encode-picture.ts';
import {
  changeReplyPicture,
  checkMayChangeReply,
  readReplyPicture,
} from '../../configuration/canned-replies.ts';
import { CALLER_SECURITY, requireCaller } from '../callers.ts';
import { readIfMatch, setVersion } from '../conditional.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { ReplyParams, replyChanger, replyReader } from './canned-replies.ts';
import { PictureAnswer, pictureError, takePictures } from './images.ts';

/** The pictures of canned replies. A picture is the body itself. */
export async function cannedReplyPictureRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, logger } = context;
  const common = { tags: ['canned replies'], security: CALLER_SECURITY };
  requireCaller(app, context);
  takePictures(app);
  app.setErrorHandler((error: { statusCode?: number }) => {
    // The handler of the whole app answers what is thrown here.
    throw pictureError(error.statusCode) ?? error;
  });

  app.put(
    '/canned-replies/:id/picture',
    {
      config: { action: 'replies', rateLimit: { max: 60, timeWindow: '1 minute' } },
      bodyLimit: limits.imageBytes,
      schema: {
        ...common,
        summary: 'Set the picture of a canned reply: the body itself',
        params: ReplyParams,
        response: { 200: CannedReply, ...errorReplies },
      },
    },
    async (request, reply) => {
      const version = readIfMatch(request);
      const { id } = request.params;
      const by = replyChanger(request, context);
      await checkMayChangeReply(database, by, id);
      if (!Buffer.isBuffer(request.body) || request.body.length === 0) {
        throw new RtcDeskError('image-not-supported', 'The request has no picture.');
      }
      const picture = await encodePicture(request.body);
      const changed = await changeReplyPicture(database, by, { id, version, picture });
      logAudit(logger, ...changed.receipts);
      setVersion(reply, changed.reply);
      return changed.reply;
    },
  );

  app.delete(
    '/canned-replies/:id/picture',
    {
      config: { action: 'replies' },
      schema: {
        ...common,
        summary: 'Take the picture of a canned reply away',
        params: ReplyParams,
        response: { 200: CannedReply, ...errorReplies },
      },
    },
    async (request, reply) => {
      const version = readIfMatch(request);
      const { id } = request.params;
      const by = replyChanger(request, context);
      const changed = await changeReplyPicture(database, by, { id, version, picture: null });
      logAudit(logger, ...changed.receipts);
      setVersion(reply, changed.reply);
      return changed.reply;
    },
  );

  app.get(
    '/canned-replies/:id/picture',
    {
      config: { action: 'directory' },
      schema: {
        ...common,
        summary: 'The picture of a canned reply',
        params: ReplyParams,
        response: { 200: PictureAnswer, ...errorReplies },
      },
    },
    async (request, reply) => {
      const picture = await readReplyPicture(database, replyReader(request), request.params.id);
      return reply
        .header('content-disposition', 'inline; filename="picture.webp"')
        .type('image/webp')
        .send(picture);
    },
  );
}
