import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SettingsError, type Settings } from './settings.ts';

/** The folder of the recordings. */
export function recordingsPath({
  recordings,
  dataDir,
}: Pick<Settings, 'recordings' | 'dataDir'>): string {
  if (recordings !== null) return resolve(recordings);
  // A database that keeps nothing: a folder that the system clears away.
  if (dataDir === 'memory://') return join(tmpdir(), `rtc-desk-recordings-${process.pid}`);
  return join(dataDir, 'recordings');
}

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
