import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What may be served, and as what. Not .html: the desk's page has a policy and a route of its own. */
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.wav': 'audio/wav',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.tflite': 'application/octet-stream',
};

/** In the order of preference. The build has written them beside the files. */
const ENCODINGS = [
  { name: 'br', extension: '.br' },
  { name: 'gzip', extension: '.gz' },
] as const;

/** A file in one encoding. */
interface Version {
  readonly body: Buffer;
  readonly etag: string;
}

export interface MemoryFile {
  readonly type: string;
  /** By the name of the encoding; `identity` is the file itself, which may exist in compressed form only. */
  readonly versions: ReadonlyMap<string, Version>;
}

/**
 * Reads the files of a folder, by their paths with `/`. They are served from memory: reading files takes one of the
 * few threads that Node has for it, and slow work there must not hold up a page.
 */
export async function readMemoryFiles(folder: string): Promise<ReadonlyMap<string, MemoryFile>> {
  const files = new Map<string, { type: string; versions: Map<string, Version> }>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/');
    if (!entry.isFile() || /(^|\/)\./.test(path)) continue;
    const encoding = ENCODINGS.find(({ extension }) => path.endsWith(extension));
    const name = encoding ? path.slice(0, -encoding.extension.length) : path;
    const type = TYPES[extname(name)];
    if (type === undefined) continue;
    const body = await readFile(join(folder, path));
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const file = files.get(name) ?? { type, versions: new Map<string, Version>() };
    file.versions.set(encoding?.name ?? 'identity', { body, etag });
    files.set(name, file);
  }
  return files;
}

/** Answers with the smallest version that the client accepts, or with 304 if the client has it. */
export function sendMemoryFile(
  file: MemoryFile,
  request: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
): FastifyReply {
  const accepted = acceptedEncodings(request.headers['accept-encoding']);
  const encoding =
    ENCODINGS.find(({ name }) => accepted.has(name) && file.versions.has(name))?.name ??
    (file.versions.has('identity') ? 'identity' : null);
  const version = encoding === null ? undefined : file.versions.get(encoding);
  void reply.header('vary', 'Accept-Encoding');
  if (!version) return reply.status(406).send({ code: 'not-found', message: 'Accept gzip.' });
  void reply.header('etag', version.etag);
  if (matches(request.headers['if-none-match'], version.etag)) return reply.status(304).send();
  if (encoding !== null && encoding !== 'identity') {
    void reply.header('content-encoding', encoding);
  }
  return reply.type(file.type).send(version.body);
}

function acceptedEncodings(header: string | string[] | undefined): ReadonlySet<string> {
  const parts = String(header ?? '').split(',');
  return new Set(
    parts.flatMap((part) => {
      const [name = '', quality = ''] = part.trim().toLowerCase().split(';', 2);
      return /^\s*q=0(\.0*)?$/.test(quality) ? [] : [name.trim()];
    }),
  );
}

/** A proxy that compresses marks an ETag as weak. */
function matches(header: string | undefined, etag: string): boolean {
  const given = (header ?? '').split(',').map((part) => part.trim().replace(/^W\//, ''));
  return given.includes(etag) || given.includes('*');
}
