import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Database } from '../database/database.ts';
import { ObjectStoreError } from '../object-storage/object-store-error.ts';
import type { ObjectStore, UploadedPart } from '../object-storage/object-store.ts';
import type { RecordingFolder } from './recording-folder.ts';
import { unwrapRecordingKey } from './recording-key.ts';
import { openFileSource, sealedBytes, SealedFileDamaged } from './sealed-file.ts';
import { failureOf, storagePause, StoredFileChanged } from './storage-failure.ts';
import { readStoredFile } from './stored-file.ts';

/** An object store takes parts of 5 MiB and more, and at most this many of one object. */
const MAX_PARTS = 10_000;
const PART_BYTES = 8 * 1024 * 1024;
const MIB = 1024 * 1024;

export interface MoveContext {
  readonly database: Database;
  readonly folder: RecordingFolder;
  readonly objects: ObjectStore;
  /** `s3://bucket/prefix`. */
  readonly destination: string;
  /** The server's signing key. */
  readonly serverKey: Uint8Array;
  readonly nodeId: string;
  readonly logger: Pick<Logger, 'warn'>;
  /** Ends the requests when the node stops. */
  readonly signal?: AbortSignal | undefined;
}

interface ClaimedFile {
  readonly recording: string;
  readonly part: number;
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly address: string;
  readonly upload_id: string | null;
  readonly attempts: number;
  readonly wrapped_key: Buffer;
}

// A node moves one file at a time: one that is still claimed by it is left over from an error. An upload that was begun
// under another setting is forgotten.
const CLAIM = `
with next as materialized (
  select f.recording_id, f.part, f.address, f.upload_id, $2 || '/' || f.recording_id || '/' || f.name as target
    from recording_files f
   where f.moved_at is null and (f.moved_by is null or f.moved_by = $1) and f.move_due_at <= now()
   order by f.move_due_at limit 1 for no key update of f skip locked),
forgotten as (
  insert into recording_object_deletions (address, upload_id)
  select address, upload_id from next where upload_id is not null and address <> target)
update recording_files f
   set moved_by = $1, address = n.target, move_attempts = f.move_attempts + 1, move_step_at = clock_timestamp(),
       upload_id = case when n.address = n.target then n.upload_id end
  from next n join recordings r on r.id = n.recording_id
 where f.recording_id = n.recording_id and f.part = n.part
returning f.recording_id as recording, f.part, f.name, f.bytes::float8 as bytes, encode(f.sha256, 'hex') as sha256,
          f.address, f.upload_id, f.move_attempts as attempts, r.wrapped_key`;

/**
 * Moves the next file to the object store: uploads it in parts, reads it back, and compares its hash with the signed
 * one. Resolves to whether one was moved. The file in the folder is deleted an hour later, so that a backup that has
 * begun before finds it. A process that dies at any moment leaves the file where it was; another node, or the same one,
 * goes on with the parts that are there.
 */
export async function moveNextFile(context: MoveContext): Promise<boolean> {
  const { database, nodeId, destination } = context;
  const { rows } = await database.query<ClaimedFile>(CLAIM, [nodeId, destination]);
  if (!rows[0]) return false;
  try {
    await new FileMove(context, rows[0]).run();
    return true;
  } catch (error) {
    await putBack(context, rows[0], error);
    return false;
  }
}

const MINE = 'where recording_id = $1 and part = $2 and moved_by = $3 and moved_at is null';
const STEP = `update recording_files set move_step_at = clock_timestamp() ${MINE}`;
const STORED_PART = `update recording_files set move_attempts = 0, move_failure = null ${MINE}`;
const SET_UPLOAD = `update recording_files set upload_id = $4, move_step_at = clock_timestamp() ${MINE}`;
const FINISH = `
update recording_files
   set moved_at = clock_timestamp(), moved_by = null, upload_id = null, move_attempts = 0, move_failure = null ${MINE}`;
const DELETE_LOCAL = `
insert into recording_deletions (recording_id, what, due_at) values ($1, 'segments', now() + interval '1 hour')
on conflict (recording_id, what) do update set due_at = greatest(recording_deletions.due_at, excluded.due_at)`;

/** The file is no longer this node's: the recording was deleted, or another node moves it because this one was declared dead. */
class ClaimLost extends Error {}

class FileMove {
  readonly #key: Buffer;

  constructor(
    private readonly context: MoveContext,
    private readonly file: ClaimedFile,
  ) {
    const { recording, wrapped_key: wrapped } = file;
    this.#key = unwrapRecordingKey(context.serverKey, recording, wrapped);
  }

  async run(): Promise<void> {
    const { objects, signal } = this.context;
    const { address, upload_id: begun } = this.file;
    const stored = begun === null ? null : await objects.listParts(address, begun, signal);
    if (begun !== null && stored !== null) await this.#upload(begun, stored);
    // An upload that is over was completed, or somebody aborted it.
    else if (begun === null || !(await this.#isThere()))
      await this.#upload(await this.#begin(), []);
    await this.#verify();
    await this.#finish();
  }

  async #begin(): Promise<string> {
    const { objects, signal } = this.context;
    const { address } = this.file;
    const id = await objects.begin(address, signal);
    try {
      await this.#own(SET_UPLOAD, id);
    } catch (error) {
      await objects.abort(address, id, signal);
      throw error;
    }
    return id;
  }

  /** Uploads the parts that are missing, and makes the object of all. */
  async #upload(id: string, stored: readonly UploadedPart[]): Promise<void> {
    const { objects, folder, signal } = this.context;
    const { address, recording, name } = this.file;
    const size = sealedBytes(this.file.bytes);
    const partBytes = partSize(size);
    const sizes = new Map(stored.map(({ number, bytes }) => [number, bytes]));
    const source = await openFileSource(folder.file(recording, name));
    try {
      for (let start = 0, number = 1; start < size; start += partBytes, number += 1) {
        const end = Math.min(start + partBytes, size);
        if (sizes.get(number) === end - start) continue;
        await this.#own(STEP);
        await objects.uploadPart(address, id, number, await source.read(start, end), signal);
        await this.#own(STORED_PART);
      }
    } finally {
      await source.close();
    }
    await this.#own(STEP);
    const parts = await objects.listParts(address, id, signal);
    // Another node may have completed it: what counts is read back.
    if (parts) await objects.complete(address, id, parts, signal);
  }

  async #isThere(): Promise<boolean> {
    const { objects, signal } = this.context;
    return (await objects.size(this.file.address, signal)) === sealedBytes(this.file.bytes);
  }

  /** Deletes what is in the object store if it is not the file. */
  async #verify(): Promise<void> {
    const { objects, signal } = this.context;
    const { address } = this.file;
    if (await this.#isWhole(address)) return;
    await this.#own(STEP);
    await objects.delete(address, signal);
    await this.#own(SET_UPLOAD, null);
    if (await this.#isWhole(null)) throw new StoredFileChanged();
    throw new SealedFileDamaged('The file in the folder is not the one that was signed.');
  }

  /** Whether the file at this address, or in the folder, is the one that was signed. */
  async #isWhole(address: string | null): Promise<boolean> {
    const { recording, name, bytes, sha256 } = this.file;
    const hash = createHash('sha256');
    const file = { recording, name, bytes, key: this.#key, address };
    try {
      for await (const block of readStoredFile(this.context, file)) {
        this.context.signal?.throwIfAborted();
        hash.update(block);
      }
    } catch (error) {
      const isMissing = error instanceof ObjectStoreError && error.reason === 'missing';
      if (isMissing || error instanceof SealedFileDamaged) return false;
      throw error;
    }
    return hash.digest('hex') === sha256;
  }

  async #finish(): Promise<void> {
    const { recording, part } = this.file;
    const { database, nodeId } = this.context;
    await database.transaction(async (tx) => {
      const { rowCount } = await tx.query(FINISH, [recording, part, nodeId]);
      if (rowCount === 0) throw new ClaimLost();
      await tx.query(DELETE_LOCAL, [recording]);
    });
  }

  /** Changes the row. Rejects with ClaimLost if it is no longer this node's. */
  async #own(statement: string, ...values: unknown[]): Promise<void> {
    const { database, nodeId } = this.context;
    const { recording, part } = this.file;
    const { rowCount } = await database.query(statement, [recording, part, nodeId, ...values]);
    if (rowCount === 0) throw new ClaimLost();
  }
}

/** The same for each attempt, so that parts fit together. */
const partSize = (size: number): number =>
  Math.max(PART_BYTES, Math.ceil(size / MAX_PARTS / MIB) * MIB);

const PUT_BACK = `
update recording_files
   set moved_by = null, move_failure = $4,
       move_due_at = now() + ${storagePause('move_attempts')} ${MINE}`;
const STOPPED = `
update recording_files set moved_by = null, move_attempts = greatest(move_attempts - 1, 0) ${MINE}`;

async function putBack(
  { database, nodeId, logger, signal }: MoveContext,
  { recording, part, attempts }: ClaimedFile,
  error: unknown,
): Promise<void> {
  if (error instanceof ClaimLost) return;
  const own = [recording, part, nodeId];
  if (signal?.aborted) {
    await database.query(STOPPED, own);
    return;
  }
  const failure = failureOf(error);
  logger.warn({ err: error, recording, part, attempts, failure }, 'a recording was not moved');
  await database.query(PUT_BACK, [...own, failure]);
}
