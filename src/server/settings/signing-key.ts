import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Queryable } from '../database/database.ts';
import { SettingsError, type Settings } from './settings.ts';

/** The name of the file with the key that the server made. */
export const KEY_FILE = 'secret.key';
const BYTES = 32;

/**
 * The server's signing key: RTC_DESK_SECRET, or a key that is made once and stored in the data directory, readable by
 * its owner only. To be called after the database was opened: a database with sites has had a key, so that none is made
 * for it. Rejects with a SettingsError if the stored file holds no key, or is missing beside such a database.
 */
export async function readSigningKey(
  db: Queryable,
  { secret, dataDir }: Pick<Settings, 'secret' | 'dataDir'>,
): Promise<Uint8Array> {
  if (secret === null && dataDir === 'memory://') return randomBytes(BYTES);
  const stored = await readStoredKey({ secret, dataDir });
  if (stored) return stored;
  const file = join(dataDir, KEY_FILE);
  return decode(await makeForNewDatabase(db, dataDir, file), file);
}

/** Null if there is none yet. Rejects with a SettingsError if the file holds no key. */
export async function readStoredKey({
  secret,
  dataDir,
}: Pick<Settings, 'secret' | 'dataDir'>): Promise<Uint8Array | null> {
  if (secret !== null) return Buffer.from(secret, 'utf8');
  const file = join(dataDir, KEY_FILE);
  const text = await read(file);
  return text === null ? null : decode(text, file);
}

function decode(text: string, file: string): Uint8Array {
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length < BYTES) {
    throw new SettingsError(`${file} holds no signing key: restore it from a backup.`);
  }
  return key;
}

async function read(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function makeForNewDatabase(db: Queryable, dataDir: string, file: string): Promise<string> {
  const { rowCount } = await db.query('select from sites limit 1', []);
  if (rowCount > 0) {
    throw new SettingsError(
      `${file} is missing beside a database with sites. Restore it from a backup, or set RTC_DESK_SECRET if that was the key. Another key would make every site's secret and every token invalid.`,
    );
  }
  return make(dataDir, file);
}

/** Writes a temporary file and links it into place: nobody reads half a key, and of two processes one wins. */
async function make(dataDir: string, file: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomBytes(8).toString('hex')}`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(BYTES).toString('base64url')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(temporary, file);
  } catch (error) {
    // Another process was first: its key counts.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  return readFile(file, 'utf8');
}
