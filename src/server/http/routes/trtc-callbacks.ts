import type { FastifyInstance } from 'fastify';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { isSigned, readCallback } from '../../tencent/read-callback.ts';
import type { TrtcSettings } from '../../settings/settings.ts';
import { recordPresenceReport } from '../../tencent/record-presence-report.ts';
import type { CallbackCounts } from '../callback-counts.ts';
import type { HttpContext } from '../http-context.ts';

/** TRTC's own are below 1 KiB. */
const BODY_BYTES = 16 * 1024;

/**
 * Where TRTC's room callbacks come in: who entered and who left, as the media servers saw it. Only where a
 * callback key is set; without one anybody could say so.
 */
export async function trtcCallbackRoutes(
  app: FastifyInstance,
  {
    database,
    logger,
    trtc,
    counts,
  }: HttpContext & { readonly trtc: TrtcSettings; readonly counts: CallbackCounts },
): Promise<void> {
  const { callbackKey, sdkAppId } = trtc;
  if (callbackKey === null) return;
  // The signature is over the very bytes, so they are kept as they came.
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook('onError', async (_request, _reply, error) => {
    if (error.statusCode === 413 || error.statusCode === 415) counts.add('malformed');
  });

  app.post<{ Body: Buffer | undefined }>(
    '/hooks/trtc',
    // All calls' callbacks come from a handful of addresses; a wrong one costs no more than one hash.
    { bodyLimit: BODY_BYTES, config: { rateLimit: false } },
    async ({ body, headers }) => {
      if (!Buffer.isBuffer(body) || !isSigned(body, headers['sign'], callbackKey)) {
        counts.add('unsigned');
        throw new RtcDeskError('unauthorized', 'This callback is not signed with the key.');
      }
      const reading =
        headers['sdkappid'] === String(sdkAppId)
          ? readCallback(body, Date.now())
          : ({ outcome: 'ignored' } as const);
      switch (reading.outcome) {
        case 'malformed':
          counts.add('malformed');
          throw new RtcDeskError('bad-message', 'This is no callback of TRTC’s.');
        case 'stale':
          counts.add('stale');
          throw new RtcDeskError('unauthorized', 'This callback was sent minutes ago.');
        case 'ignored':
          counts.add('ignored');
          return { code: 0 };
        case 'report': {
          const { report } = reading;
          const known = await recordPresenceReport(database, report);
          counts.add(known ? report.reported : 'unknown');
          logger.debug({ reported: report.reported, known }, 'a callback of TRTC’s');
          return { code: 0 };
        }
      }
    },
  );
}
