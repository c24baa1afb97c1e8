import { once } from 'node:events';
import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { Recording, RecordingPage, RecordingQuery } from '../../../protocol/rest/recordings.ts';
import { closed, Uuid } from '../../../protocol/schema.ts';
import { isReading } from '../../audit/recent-reading.ts';
import type { Queryable } from '../../database/database.ts';
import { ed25519PublicKey } from '../../identity/ed25519-key.ts';
import { reachOf } from '../../identity/permissions.ts';
import {
  findCloudFile,
  findRecordingFile,
  listRecordings,
  readRecording,
  type CloudFile,
  type PlayableFile,
} from '../../recordings/list-recordings.ts';
import type { RecordingFiles } from '../../tencent/recording-files.ts';
import { readStoredFile, type RecordingPlaces } from '../../recordings/stored-file.ts';
import { readByteRange } from '../byte-range.ts';
import { CALLER_SECURITY, callerOf, requireCaller, scopeOf } from '../callers.ts';
import { errorReplies } from '../errors.ts';
import type { HttpApp, HttpContext } from '../http-context.ts';
import { PublicKey } from '../public-key.ts';
import { auditedReader } from '../read-audited.ts';

const RecordingParams = closed({ id: Uuid });
const FileQuery = Type.Object({
  part: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 1 })),
  download: Type.Optional(
    Type.Boolean({ default: false, description: 'To save it, for who may export recordings.' }),
  ),
});
/** Bytes are sent as they are, so this schema is for the description only. */
const FileAnswer = {
  description: 'The file, or the part of it that `Range` asks for.',
  content: {
    'video/mp4': { schema: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }) },
    'video/webm': { schema: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }) },
  },
};

/** The recordings of a site's calls. One outside of what the caller may read is not found. */
export async function recordingRoutes(app: HttpApp, context: HttpContext): Promise<void> {
  const { database, key, recordingFolder: folder, objectStorage, cloudFiles = null } = context;
  const places = { folder, objects: objectStorage?.objects ?? null };
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
        response: { 200: FileAnswer, 206: FileAnswer, ...errorReplies },
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
      const find = async (db: Queryable) =>
        (await findRecordingFile(db, key, scope, { id, part })) ??
        (await findCloudFile(db, scope, { id, part }));
      const what = { subject: `recording:${id}`, after: { part, download } };
      const isKnown = await isReading(database, siteId, actor, what, 'recording-read');
      const file = isKnown ? await find(database) : await playAudited(request, what, find);
      if (!file) throw notFound();
      if ('storage' in file && file.url !== null) return reply.redirect(file.url);
      const { bytes, mime, etag, read } =
        'storage' in file ? cloudSource(file, cloudFiles) : ownSource(file, places);
      const range = readByteRange(request.headers.range, bytes);
      void reply.headers({
        'accept-ranges': 'bytes',
        etag: `"${etag}"`,
        'content-disposition': `${download ? 'attachment' : 'inline'}; filename="${id}-${part}.${mime.slice(6)}"`,
      });
      if (range === 'unsatisfiable') {
        return reply
          .status(416)
          .header('content-range', `bytes */${bytes}`)
          .send({ code: 'bad-message', message: 'There are no such bytes.' });
      }
      const { start, end } = range ?? { start: 0, end: bytes };
      if (range) void reply.header('content-range', `bytes ${start}-${end - 1}/${bytes}`);
      const content = await begun(read(start, end));
      return reply
        .status(range ? 206 : 200)
        .header('content-length', end - start)
        .type(mime)
        .send(content);
    },
  );
}

/** What is sent of a file, wherever it lies. */
interface FileSource {
  readonly bytes: number;
  readonly mime: string;
  readonly etag: string;
  /** The bytes from `start` up to `end`, which is not among them. */
  readonly read: (start: number, end: number) => AsyncIterable<Uint8Array>;
}

function ownSource(file: PlayableFile, places: RecordingPlaces): FileSource {
  const { bytes, mime, sha256 } = file;
  return {
    bytes,
    mime,
    etag: sha256,
    read: (start, end) => readStoredFile(places, file, start, end),
  };
}

function cloudSource(
  { storage, name, bytes, mime, etag }: CloudFile,
  files: RecordingFiles | null,
): FileSource {
  if (files === null || storage.kind === 'vod' || bytes === null) {
    throw new RtcDeskError('server-error', 'This server cannot read the file where it lies.');
  }
  return {
    ...{ bytes, mime, etag: etag ?? name },
    read: (start, end) => files.read(storage, name, start, end),
  };
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

/** Waits for the first bytes, so that the status tells of a store that does not answer. */
async function begun(blocks: AsyncIterable<Uint8Array>): Promise<Readable> {
  const content = Readable.from(blocks);
  await once(content, 'readable');
  return content;
}

function notFound(): RtcDeskError {
  return new RtcDeskError('not-found', 'Your site has no such recording.');
}
