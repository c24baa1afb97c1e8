import type { Queryable } from '../../src/server/database/database.ts';
import type { RecordingFolder } from '../../src/server/recordings/recording-folder.ts';
import {
  endRecordedCall,
  writeRecordedCall,
  writeRecordingFile,
  type RecordedCall,
} from './recorded-call.ts';

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
  return { ...made, name: await writeRecordingFile(db, folder, serverKey, made, bytes) };
}
