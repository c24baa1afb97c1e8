import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import type { PlayableFile } from '../recordings/list-recordings.ts';
import type { RecordingFolder } from '../recordings/recording-folder.ts';
import { readSealed } from '../recordings/sealed-file.ts';
import { readByteRange } from './byte-range.ts';

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

/** The answer to who asks for a file of a recording, or for a range of it. */
export function recordingAnswer(
  folder: RecordingFolder,
  { bytes, mime, name, sha256, key }: PlayableFile,
  { id, part, download, range: header }: Asked,
): Answer {
  const headers = {
    'accept-ranges': 'bytes',
    etag: `"${sha256}"`,
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
  const sealed = { path: folder.file(id, name), key, name, size: bytes };
  return {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      ...(range && { 'content-range': `bytes ${start}-${end - 1}/${bytes}` }),
      'content-length': end - start,
      'content-type': mime,
    },
    body: Readable.from(readSealed(sealed, start, end)),
  };
}
