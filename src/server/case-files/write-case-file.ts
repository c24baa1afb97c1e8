import { createHash } from 'node:crypto';
import {
  CASE_MANIFEST,
  CASE_SIGNATURE,
  type CaseManifest,
} from '../../protocol/rest/case-files.ts';
import { readCallPicture, type CallScope } from '../calls/call-record.ts';
import { transcriptHtml } from '../calls/transcript.ts';
import type { Database } from '../database/database.ts';
import { signManifest } from '../identity/manifest-signature.ts';
import { openRecordingFile, type RecordingPlaces } from '../recordings/open-recording-file.ts';
import { packZip, type ZipEntry } from './pack-zip.ts';
import type { Case } from './read-case.ts';

export interface CaseFileSource {
  readonly database: Database;
  readonly places: RecordingPlaces;
  /** The server's signing key. */
  readonly serverKey: Uint8Array;
}

export interface CaseFileOrder {
  readonly scope: CallScope;
  /** For example `owner olivia`. */
  readonly madeBy: string;
}

/** What the manifest says besides its files. */
export type CaseFacts = Omit<CaseManifest, 'format' | 'madeAt' | 'files'>;

/**
 * The ZIP of a case, piece by piece; it is never in memory as a whole. It fails if something was deleted meanwhile, and
 * then lacks its end.
 */
export function writeCaseFile(
  source: CaseFileSource,
  { scope, madeBy }: CaseFileOrder,
  found: Case,
): AsyncGenerator<Buffer> {
  const { call, recording } = found;
  const facts = {
    ...{ site: scope.siteId, call: call.id, madeBy },
    recording: recording?.state ?? null,
  };
  return signedZip(source.serverKey, facts, entriesOf(source, scope, found));
}

/** A ZIP of the files, and at its end the manifest and its signature. */
export function signedZip(
  serverKey: Uint8Array,
  facts: CaseFacts,
  files: AsyncIterable<ZipEntry> | Iterable<ZipEntry>,
): AsyncGenerator<Buffer> {
  return packZip(withManifest(serverKey, facts, files));
}

async function* withManifest(
  serverKey: Uint8Array,
  facts: CaseFacts,
  entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>,
): AsyncGenerator<ZipEntry> {
  const files: CaseManifest['files'][number][] = [];
  for await (const { name, content } of entries) {
    yield { name, content: noting(name, content, (file) => files.push(file)) };
  }
  const manifest: CaseManifest = { format: 1, ...facts, madeAt: Date.now(), files };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  yield textEntry(CASE_MANIFEST, text);
  yield textEntry(CASE_SIGNATURE, await signManifest(serverKey, 'case-file+json', text));
}

async function* entriesOf(
  source: CaseFileSource,
  scope: CallScope,
  { call, transcript, pictures, drawing, recording }: Case,
): AsyncGenerator<ZipEntry> {
  const pictureName = (id: string): string => `pictures/${id}.webp`;
  yield jsonEntry('call.json', call);
  yield jsonEntry('transcript.json', transcript);
  yield textEntry('transcript.html', transcriptHtml(transcript, pictureName));
  for (const id of pictures) {
    const bytes = await readCallPicture(source.database, scope, call.id, id);
    if (!bytes) throw new Error('A picture was deleted meanwhile.');
    yield { name: pictureName(id), content: [bytes] };
  }
  if (drawing) yield jsonEntry('drawing.json', drawing);
  if (recording) yield* recordingEntries(source, scope, recording);
}

async function* recordingEntries(
  { database, places, serverKey }: CaseFileSource,
  scope: CallScope,
  recording: NonNullable<Case['recording']>,
): AsyncGenerator<ZipEntry> {
  const { manifest: _, signature, ...summary } = recording;
  yield jsonEntry('recording/recording.json', summary);
  if (signature !== null) {
    // The payload, and not the column, which the database has written anew: these are the bytes that were signed.
    const payload = Buffer.from(signature.split('.')[1] ?? '', 'base64url');
    yield { name: 'recording/manifest.json', content: [payload] };
    yield textEntry('recording/manifest.json.jws', signature);
  }
  for (const { part, mime } of recording.files) {
    const which = { id: recording.id, part };
    const file = await openRecordingFile(database, places, serverKey, scope, which);
    if (!file) throw new Error('The recording was deleted meanwhile.');
    // What is at VOD is not the server's to pack. The recording's JSON tells of it.
    if (file.url !== null) continue;
    const extension = mime.startsWith('video/mp4') ? 'mp4' : 'webm';
    yield { name: `recording/part-${part}.${extension}`, content: file.read(0, file.bytes) };
  }
}

const textEntry = (name: string, text: string): ZipEntry => ({
  name,
  content: [Buffer.from(text)],
});
const jsonEntry = (name: string, value: unknown): ZipEntry =>
  textEntry(name, `${JSON.stringify(value, null, 2)}\n`);

/** Passes the content on, and tells at its end what it was. */
export async function* noting(
  name: string,
  content: ZipEntry['content'],
  note: (file: CaseManifest['files'][number]) => void,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of content) {
    hash.update(piece);
    bytes += piece.length;
    yield piece;
  }
  note({ name, bytes, sha256: hash.digest('hex') });
}
