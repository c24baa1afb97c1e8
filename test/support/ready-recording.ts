import { createHash, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { Queryable } from '../../src/server/database/database.ts';
import type { RecordingFolder } from '../../src/server/recordings/recording-folder.ts';
import { makeRecordingKey } from '../../src/server/recordings/recording-key.ts';
import { BLOCK_BYTES, writeSealed } from '../../src/server/recordings/sealed-file.ts';
import { endRecordedCall, writeRecordedCall, type RecordedCall } from './recorded-call.ts';

export interface ReadyRecording extends RecordedCall {
  /** Of its file in the folder. */
  readonly name: string;
}

/** A call of a site that is over, with a recording that can be played. */
export async function writeReadyRecording(
  db: Queryable,
  recording: {
    readonly site: string;
    readonly agent: string;
    readonly folder: RecordingFolder;
    /** The server's signing key. */
    readonly key: Uint8Array;
    /** What the file holds. */
    readonly bytes: Buffer;
  },
): Promise<ReadyRecording> {
  const { site, agent, folder, key: serverKey, bytes } = recording;
  const made = await writeRecordedCall(db, { site, agent });
  await endRecordedCall(db, made);
  const { key, wrapped } = makeRecordingKey(serverKey, made.recording);
  const name = `${randomUUID()}-1.recording`;
  await mkdir(folder.folderOf(made.recording), { recursive: true });
  const blocks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += BLOCK_BYTES) {
    blocks.push(bytes.subarray(at, at + BLOCK_BYTES));
  }
  const path = folder.file(made.recording, name);
  writeSealed({ path, key, name, size: bytes.length }, blocks);
  await db.query(
    `update recordings set file_state = 'ready', wrapped_key = $2, manifest = 'null', signature = '', ready_at = now()
      where id = $1`,
    [made.recording, wrapped],
  );
  await db.query(
    `insert into recording_files (recording_id, part, name, mime, bytes, sha256, duration_ms)
     values ($1, 1, $2, 'video/webm', $3, $4, 61000)`,
    [made.recording, name, bytes.length, createHash('sha256').update(bytes).digest()],
  );
  return { ...made, name };
}
