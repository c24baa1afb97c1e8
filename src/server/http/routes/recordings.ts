import { Type } from '@sinclair/typebox';
import { RtcDeskError } from '../../../protocol/errors.ts';
import {
  Recording,
  RecordingPage,
  RecordingQuery,
  RecordingReport,
  RecordingReportQuery,
} from '../../../protocol/rest/recordings.ts';
import { closed, Uuid } from '../../../protocol/schema.ts';
import { isReading } from '../../audit/recent-reading.ts';
import type { Queryable } from '../../database/database.ts';
import { ed25519PublicKey } from '../../identity/ed25519-key.ts';
import { reachOf } from '../../identity/permissions.ts';
import { listRecordings, readRecording } from '../../recordings/list-recordings.ts';
import { openRecordingFile } from '../../recordings/open-recording-file.ts';
import { openPlayedFile } from '../../recordings/play-recording.ts';
import { readRecordingReport } from '../../recordings/recording-report.ts';
import { CALLER_SECURITY, callerOf, requireCaller, scopeOf } from '../callers.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { PublicKey } from '../public-key.ts';
import { auditedReader } from '../read-audited.ts';
import { RecordingFileAnswer, placesOf, sendRecording } from '../recording-answer.ts';

const RecordingParams = closed({ id: Uuid });
const FileQuery = Type.Object({
  part: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 1 })),
  download: Type.Optional(
    Type.Boolean({ default: false, description: 'To save it, for who may export recordings.' }),
  ),
});

const PlayedQuery = closed({
  code: Type.String({ maxLength: 64 }),
  part: FileQuery.properties.part,
});

/** The recordings of a site's calls. One outside of what the caller may read is not found. */
export async function recordingRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, key } = context;
  const places = placesOf(context);
  const common = { tags: ['recordings'], security: CALLER_SECURITY };
  const config = { action: 'recordings' } as const;
  const readAudited = auditedReader(context, notFound);
  const playAudited = auditedReader(context, notFound, 'recording-read');
  requireCaller(app, context);

  app.get(
    '/recordings',
    {
      config,
      schema: {
        ...common,
        summary:
          'Recordings, newest first. Supervisors see those of their groups, agents their own',
        querystring: RecordingQuery,
        response: { 200: RecordingPage, ...errorReplies },
      },
    },
    async (request) => {
      const { limit, cursor, sort, ...filter } = request.query;
      return readAudited(request, { after: { recordings: filter } }, (tx) =>
        listRecordings(tx, scopeOf(request), filter, { limit, cursor, sort }),
      );
    },
  );

  app.get(
    '/recordings/report',
    {
      config,
      schema: {
        ...common,
        summary:
          'What became of the recordings of a time, and which calls talked unrecorded although they were always to be recorded',
        querystring: RecordingReportQuery,
        response: { 200: RecordingReport, ...errorReplies },
      },
    },
    (request) => readRecordingReport(database, scopeOf(request), request.query),
  );

  app.get(
    '/recordings/:id',
    {
      config,
      schema: {
        ...common,
        summary: 'A recording with its signed manifest',
        params: RecordingParams,
        response: { 200: Recording, ...errorReplies },
      },
    },
    async (request) => {
      const { id } = request.params;
      return readAudited(request, { subject: `recording:${id}` }, (tx) =>
        readRecording(tx, scopeOf(request), id),
      );
    },
  );

  app.get(
    '/recordings/:id/file',
    {
      config,
      // A player asks for a part each time that somebody presses the time line.
      exposeHeadRoute: false,
      schema: {
        ...common,
        summary: 'Play a recording (range requests). The security log tells of it',
        params: RecordingParams,
        querystring: FileQuery,
        response: { 200: RecordingFileAnswer, 206: RecordingFileAnswer, ...errorReplies },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { part = 1, download = false } = request.query;
      const { siteId, actor, credential } = callerOf(request);
      if (download && reachOf(credential, 'recordings-export') === 'none') {
        throw new RtcDeskError('forbidden', 'You may not save recordings.');
      }
      const scope = scopeOf(request);
      const find = (db: Queryable) => openRecordingFile(db, places, key, scope, { id, part });
      const what = { subject: `recording:${id}`, after: { part, download } };
      const isKnown = await isReading(database, siteId, actor, what, 'recording-read');
      const file = isKnown ? await find(database) : await playAudited(request, what, find);
      if (!file) throw notFound();
      const { range } = request.headers;
      return sendRecording(reply, file, { id, part, download, range });
    },
  );
}

/** For players of pages that cannot send who is signed in. */
export async function playedRecordingRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, key } = context;
  const places = placesOf(context);
  app.get(
    '/played-recording',
    {
      // A player asks for a part each time that somebody presses the time line.
      exposeHeadRoute: false,
      schema: {
        tags: ['recordings'],
        summary:
          'A file of a recording by the code of the command `play-recording` (range requests)',
        querystring: PlayedQuery,
        response: { 200: RecordingFileAnswer, 206: RecordingFileAnswer, ...errorReplies },
      },
    },
    async (request, reply) => {
      void reply.headers({
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'cross-origin',
        'referrer-policy': 'no-referrer',
      });
      const { code, part = 1 } = request.query;
      const { id, file } = await openPlayedFile(database, places, key, { code, part });
      const { range } = request.headers;
      return sendRecording(reply, file, { id, part, download: false, range });
    },
  );
}

/** For everybody who verifies a manifest. */
export async function recordingKeyRoutes(app: HttpApp, { key }: HttpContext): Promise<void> {
  app.get(
    '/recording-key',
    {
      schema: {
        tags: ['recordings'],
        summary: 'The public key (JWK) by which the manifests of recordings are verified',
        response: { 200: PublicKey, ...errorReplies },
      },
    },
    async () => (await ed25519PublicKey(key, 'recording-manifest')) as PublicKey,
  );
}

function notFound(): RtcDeskError {
  return new RtcDeskError('not-found', 'Your site has no such recording.');
}
