import type { Logger } from 'pino';
import { Counter } from 'prom-client';
import { RtcDeskError } from '../../../protocol/errors.ts';
import type { TrtcSettings } from '../../settings/settings.ts';
import { recordCloudReport } from '../../cloud-recordings/record-cloud-report.ts';
import { isSigned, readCallback } from '../../tencent/read-callback.ts';
import { recordPresenceReport } from '../../tencent/record-presence-report.ts';
import { recordingStorage } from '../../tencent/recording-storage.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';

/** TRTC's own callbacks have less than 1 KiB. */
const MAX_BODY_BYTES = 16 * 1024;
/** Refused callbacks are logged no more often than this. */
const LOG_INTERVAL_MS = 10_000;

type Outcome = 'inside' | 'left' | 'vanished' | 'recording' | 'unknown' | 'ignored' | Refusal;
type Refusal = 'unsigned' | 'malformed' | 'stale';

/** The callbacks of all calls come from a few addresses: a thousand a second, more than a hundred calls a second make. */
const LIMIT = { max: 60_000, timeWindow: '1 minute' };

/**
 * `/hooks/trtc` receives TRTC's callbacks: who entered and who left, as the media servers saw it, and what became of its
 * recordings. It exists only if a callback key is set, because without one anybody could send a callback.
 */
export async function trtcCallbackRoutes(
  app: HttpApp,
  { database, logger, registry, trtc }: HttpContext & { readonly trtc: TrtcSettings },
): Promise<void> {
  const { callbackKey, sdkAppId, cloud } = trtc;
  if (callbackKey === null) return;
  const storage = cloud?.recordings ? recordingStorage(cloud.recordings) : null;
  const counter = new Counter<'outcome'>({
    name: 'rtc_desk_trtc_callbacks_total',
    help: 'Callbacks of TRTC, by what became of them',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const count = (outcome: Outcome): void => counter.inc({ outcome });
  const logRefusal = makeRefusalLog(logger);
  const refuse = (outcome: Refusal): void => {
    count(outcome);
    logRefusal(outcome);
  };
  // The signature is over the bytes of the body, so they are not parsed yet.
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook('onError', async (_request, _reply, error) => {
    if (error.statusCode === 413 || error.statusCode === 415) refuse('malformed');
  });

  app.post(
    '/hooks/trtc',
    { bodyLimit: MAX_BODY_BYTES, config: { rateLimit: LIMIT } },
    async ({ body, headers }) => {
      if (!Buffer.isBuffer(body) || !isSigned(body, headers['sign'], callbackKey)) {
        refuse('unsigned');
        throw new RtcDeskError('unauthorized', 'This callback is not signed with the key.');
      }
      const reading =
        headers['sdkappid'] === String(sdkAppId)
          ? readCallback(body, Date.now())
          : ({ outcome: 'ignored' } as const);
      switch (reading.outcome) {
        case 'malformed':
          refuse('malformed');
          throw new RtcDeskError('bad-message', 'This is no callback of TRTC.');
        case 'stale':
          refuse('stale');
          throw new RtcDeskError('unauthorized', 'This callback was sent minutes ago.');
        case 'ignored':
          count('ignored');
          return { code: 0 };
        case 'recording': {
          const known = await recordCloudReport(database, reading.report, storage);
          count(known ? 'recording' : 'unknown');
          return { code: 0 };
        }
        case 'report': {
          const { reported } = reading.report;
          const known = await recordPresenceReport(database, reading.report);
          count(known ? reported : 'unknown');
          logger.debug({ reported, known }, 'a callback of TRTC');
          return { code: 0 };
        }
      }
    },
  );
}

/** Logs that callbacks are refused, without their content, at most once every ten seconds. */
function makeRefusalLog(logger: Pick<Logger, 'warn'>): (outcome: Refusal) => void {
  let loggedAt = -Infinity;
  return (outcome) => {
    const now = performance.now();
    if (now - loggedAt < LOG_INTERVAL_MS) return;
    loggedAt = now;
    logger.warn(
      { outcome },
      'a callback to /hooks/trtc was refused: check that the TRTC console has this TRTC_CALLBACK_KEY',
    );
  };
}
