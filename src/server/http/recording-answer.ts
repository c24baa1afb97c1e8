import { once } from 'node:events';
import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import type {
  RecordingContent,
  RecordingElsewhere,
  RecordingPlaces,
} from '../recordings/open-recording-file.ts';
import { readByteRange } from './byte-range.ts';
import type { HttpContext } from './http-context.ts';

/** Bytes are sent as they are, so this schema is for the description only. */
export const RecordingFileAnswer = {
  description: 'The file, or the part of it that `Range` asks for.',
  content: {
    'video/mp4': { schema: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }) },
    'video/webm': { schema: Type.Unsafe<Readable>({ type: 'string', format: 'binary' }) },
  },
};

interface Asked {
  /** The recording. */
  readonly id: string;
  readonly part: number;
  /** To save it, not to play it. */
  readonly download: boolean;
  /** The header `Range`. */
  readonly range: string | undefined;
}

interface Answer {
  readonly status: 200 | 206 | 416;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Readable | { readonly code: string; readonly message: string };
}

/**
 * Answers whoever asks for a file of a recording, or for a range of it; with the address of a file at VOD. Rejects if the
 * first bytes cannot be read.
 */
export async function sendRecording(
  reply: FastifyReply,
  file: RecordingContent | RecordingElsewhere,
  asked: Asked,
): Promise<FastifyReply> {
  if (file.url !== null) return reply.redirect(file.url);
  const { status, headers, body } = await recordingAnswer(file, asked);
  return reply.status(status).headers(headers).send(body);
}

async function recordingAnswer(
  { bytes, mime, etag, read }: RecordingContent,
  { id, part, download, range: header }: Asked,
): Promise<Answer> {
  const headers = {
    'accept-ranges': 'bytes',
    etag: `"${etag}"`,
    'content-disposition': `${download ? 'attachment' : 'inline'}; filename="${id}-${part}.${mime.slice(6)}"`,
  };
  const range = readByteRange(header, bytes);
  if (range === 'unsatisfiable') {
    return {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${bytes}` },
      body: { code: 'bad-message', message: 'There are no such bytes.' },
    };
  }
  const { start, end } = range ?? { start: 0, end: bytes };
  return {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      ...(range && { 'content-range': `bytes ${start}-${end - 1}/${bytes}` }),
      'content-length': end - start,
      'content-type': mime,
    },
    body: await begun(read(start, end)),
  };
}

/** Where a node finds the files of recordings. */
export const placesOf = ({
  recordingFolder: folder,
  objectStorage,
  cloudFiles = null,
}: HttpContext): RecordingPlaces => ({
  folder,
  objects: objectStorage?.objects ?? null,
  cloud: cloudFiles,
});

/** Waits for the first bytes: until then an error is still an answer. */
async function begun(blocks: AsyncIterable<Uint8Array>): Promise<Readable> {
  const content = Readable.from(blocks);
  await once(content, 'readable');
  return content;
}
