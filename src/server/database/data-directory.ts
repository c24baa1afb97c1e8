import { chmod, lstat, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The name of the folder with the embedded database. */
export const POSTGRES_FOLDER = 'postgres';
/** The names of files and folders that this server makes. */
const OWN_NAME = /^(postgres|recordings|secret\.key.*|control\.sock|rtc-desk\..*)$/;
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
/** The rights of the group and of everybody else. */
const OTHERS = 0o077;

/** A data directory that must not be used as it is. The message is one line and says what to do. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError';
}

/** The folder of PGlite's files. */
export function postgresFolder(dataDir: string): string {
  return join(dataDir, POSTGRES_FOLDER);
}

/**
 * Makes sure that nobody but this user can read what is in the data directory. What is made later is private by itself.
 * Rejects with a DataDirectoryError.
 */
export async function secureDataDirectory(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: PRIVATE_FOLDER });
  const names = await readdir(dataDir);
  const { mode } = await stat(dataDir);
  // A folder with other files may be somebody else's too, and is not closed to them.
  if ((mode & OTHERS) !== 0 && !names.every((name) => OWN_NAME.test(name))) {
    throw new DataDirectoryError(
      `The data directory ${dataDir} is open to other users and holds other files. Give rtc-desk a folder of its own with DATA_DIR, or run chmod 700 on this one.`,
    );
  }
  await makePrivate(dataDir);
  for (const name of names) {
    if (OWN_NAME.test(name)) await makeTreePrivate(join(dataDir, name));
  }
}

async function makeTreePrivate(path: string): Promise<void> {
  const folder = await makePrivate(path);
  if (!folder) return;
  for (const name of await readdir(path)) await makeTreePrivate(join(path, name));
}

/** Resolves to whether it is a folder. Links are left alone. */
async function makePrivate(path: string): Promise<boolean> {
  const status = await lstat(path);
  if (status.isSymbolicLink()) return false;
  const folder = status.isDirectory();
  if ((status.mode & OTHERS) === 0) return folder;
  const failure = await chmod(path, folder ? PRIVATE_FOLDER : PRIVATE_FILE).then(
    () => null,
    (error: unknown) => error,
  );
  // Some file systems accept every mode and keep none.
  if (failure === null && ((await lstat(path)).mode & OTHERS) === 0) return folder;
  throw new DataDirectoryError(
    `${path} can be read by other users, and that cannot be changed. Put DATA_DIR on a file system with permissions, owned by the user that runs rtc-desk.`,
    { cause: failure },
  );
}

/**
 * Whether the data directory has a database. Rejects with a DataDirectoryError if files of one are there without
 * PG_VERSION: PGlite would fill the folder anew.
 */
export async function hasDatabase(dataDir: string): Promise<boolean> {
  const names = await namesIn(postgresFolder(dataDir));
  if (names.includes('PG_VERSION')) return true;
  if (names.length === 0) return false;
  throw new DataDirectoryError(
    `The database in ${postgresFolder(dataDir)} has lost its file PG_VERSION. It was not changed. Restore the data directory from a backup, or give rtc-desk a new one with DATA_DIR.`,
  );
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The error of a database that cannot be opened. */
export function damagedDatabase(dataDir: string, cause: unknown): DataDirectoryError {
  return new DataDirectoryError(
    `The database in ${postgresFolder(dataDir)} cannot be opened: it is damaged, or was made by another version of PostgreSQL. Restore the data directory from a backup, or give rtc-desk a new one with DATA_DIR.`,
    { cause },
  );
}
