import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SettingsError, type Settings } from './settings.ts';

type RecordingsSettings = Pick<Settings, 'recordings' | 'recordingsFolder' | 'dataDir'>;

/** The folder of the recordings, and of those that are to be moved to a bucket. */
export function recordingsPath(settings: RecordingsSettings): string {
  const { dataDir } = settings;
  const folder = recordingsElsewhere(settings);
  if (folder !== null) return resolve(folder);
  // A database that keeps nothing: a folder that the system clears away.
  if (dataDir === 'memory://') return join(tmpdir(), `rtc-desk-recordings-${process.pid}`);
  return join(dataDir, 'recordings');
}

/** Null: the folder is in the data directory. */
export function recordingsElsewhere({
  recordings,
  recordingsFolder,
}: Pick<RecordingsSettings, 'recordings' | 'recordingsFolder'>): string | null {
  return isBucket(recordings) ? recordingsFolder : recordings;
}

/** Whether the setting RECORDINGS names a bucket. */
export const isBucket = (recordings: string | null): recordings is string =>
  recordings?.startsWith('s3:') ?? false;

/** Makes it if it is missing. Rejects with a SettingsError. */
export async function makeRecordingsFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new SettingsError(
      `RECORDINGS must be a folder that this server can make: ${(error as Error).message}`,
    );
  }
}
