import { RtcDeskError } from '../../protocol/errors.ts';
import type { CallScope } from '../calls/call-record.ts';
import type { Queryable } from '../database/database.ts';
import type { RecordingFiles } from '../tencent/recording-files.ts';
import { findCloudFile, findRecordingFile, type CloudFile } from './list-recordings.ts';
import { readStoredFile, type StoredPlaces } from './stored-file.ts';

/** Where files of recordings can be. */
export interface RecordingPlaces extends StoredPlaces {
  /** The files that TRTC's cloud has stored. Null: this server has no keys for them. */
  readonly cloud: RecordingFiles | null;
}

/** A file that can be played, wherever it is. */
export interface RecordingContent {
  readonly bytes: number;
  readonly mime: string;
  readonly etag: string;
  /** The bytes from `start` up to `end`, which is not among them. */
  readonly read: (start: number, end: number) => AsyncIterable<Uint8Array>;
  readonly url: null;
}

/** A file at VOD: only the browser gets it. */
export interface RecordingElsewhere {
  readonly url: string;
}

/** Undefined if there is no such file in the scope. Rejects with `server-error` if this server has no keys for it. */
export async function openRecordingFile(
  db: Queryable,
  places: RecordingPlaces,
  serverKey: Uint8Array,
  scope: CallScope,
  which: { readonly id: string; readonly part: number },
): Promise<RecordingContent | RecordingElsewhere | undefined> {
  const own = await findRecordingFile(db, serverKey, scope, which);
  if (own) {
    const { bytes, mime, sha256: etag } = own;
    const read = (start: number, end: number) => readStoredFile(places, own, start, end);
    return { bytes, mime, etag, read, url: null };
  }
  const file = await findCloudFile(db, scope, which);
  return file && contentOf(file, places.cloud);
}

function contentOf(
  { storage, name, bytes, mime, etag, url }: CloudFile,
  files: RecordingFiles | null,
): RecordingContent | RecordingElsewhere {
  if (url !== null) return { url };
  if (files === null || storage.kind === 'vod' || bytes === null) {
    throw new RtcDeskError('server-error', 'This server cannot read the file where it lies.');
  }
  const read = (start: number, end: number) => files.read(storage, name, start, end);
  return { bytes, mime, etag: etag ?? name, read, url: null };
}
