import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, open, readdir, readFile, rm, type FileHandle } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { pack, type Pack } from 'tar-stream';
import { POSTGRES_FOLDER } from '../database/data-directory.ts';
import type { Database } from '../database/database.ts';
import { recordingsElsewhere, recordingsPath } from '../settings/recordings-path.ts';
import type { Settings } from '../settings/settings.ts';
import { KEY_FILE } from '../settings/signing-key.ts';
import { DATABASE_DUMP, FILES_PREFIX, MANIFEST, SECRET_FILE, type Manifest } from './archive.ts';
import { BackupError } from './backup-error.ts';
import { encrypting } from './encryption.ts';

export interface BackupOrder {
  /** An absolute path. The file must not exist. */
  readonly file: string;
  /** Null: the backup is not encrypted. */
  readonly passphrase: string | null;
}

interface BackupSource {
  readonly database: Pick<Database, 'dumpFiles'>;
  readonly settings: Pick<Settings, 'dataDir' | 'secret' | 'recordings' | 'recordingsFolder'>;
  readonly version: string;
}

/**
 * Writes a backup while the server runs: the embedded database as it is at one moment, the signing key, and the other
 * folders of the data directory. The file appears under its name when it is whole. Rejects with a BackupError.
 */
export async function writeBackup(
  source: BackupSource,
  { file, passphrase }: BackupOrder,
): Promise<Manifest> {
  const dump = (await source.database.dumpFiles()) ?? null;
  const manifest: Manifest = {
    format: 1,
    version: source.version,
    createdAt: new Date().toISOString(),
    database: dump ? 'embedded' : 'external',
  };
  const temporary = `${file}.${randomBytes(6).toString('hex')}.partial`;
  try {
    await writeArchive(temporary, passphrase, async (archive) => {
      await addText(archive, MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`);
      await addKey(archive, source.settings);
      if (dump)
        await add(
          archive,
          DATABASE_DUMP,
          dump.size,
          Readable.fromWeb(dump.stream() as ReadableStream),
        );
      await addFolders(archive, source.settings);
    });
    // A link, and not a rename, because it never replaces another file.
    await link(temporary, file);
  } catch (error) {
    throw explained(error, file);
  } finally {
    await rm(temporary, { force: true });
  }
  return manifest;
}

async function writeArchive(
  file: string,
  passphrase: string | null,
  fill: (archive: Pack) => Promise<void>,
): Promise<void> {
  const cipher = passphrase === null ? null : await encrypting(passphrase);
  const archive = pack();
  // Flushed to the disk when it is closed.
  const target = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true });
  const written = cipher ? pipeline(archive, cipher, target) : pipeline(archive, target);
  const filled = fill(archive).then(
    () => archive.finalize(),
    (error: Error) => archive.destroy(error),
  );
  await Promise.all([written, filled]);
}

async function addKey(
  archive: Pack,
  { dataDir, secret }: Pick<Settings, 'dataDir' | 'secret'>,
): Promise<void> {
  if (secret !== null) return addText(archive, SECRET_FILE, secret);
  await addText(archive, KEY_FILE, await readFile(join(dataDir, KEY_FILE), 'utf8'));
}

/** Every regular file below the folders of the data directory, but for the database. */
async function addFolders(archive: Pack, settings: BackupSource['settings']): Promise<void> {
  const { dataDir } = settings;
  const elsewhere = recordingsElsewhere(settings);
  const own = recordingsPath({ dataDir, recordings: null, recordingsFolder: null });
  for (const folder of await foldersIn(dataDir)) {
    const path = join(dataDir, folder);
    if (path !== own || elsewhere === null) await addFolder(archive, path, folder);
  }
  // A folder elsewhere comes back in the data directory.
  if (elsewhere !== null) await addFolder(archive, elsewhere, basename(own));
}

async function addFolder(archive: Pack, folder: string, under: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const name = `${FILES_PREFIX}${under}/${relative(folder, path).replaceAll('\\', '/')}`;
    const file = await openIfThere(path);
    if (!file) continue;
    try {
      // If the file grows during the backup, only its first `size` bytes are stored.
      const { size } = await file.stat();
      if (size === 0) await addText(archive, name, '');
      else {
        const content = file.createReadStream({ end: size - 1, autoClose: false });
        await add(archive, name, size, content);
      }
    } finally {
      await file.close();
    }
  }
}

/** Null for a file that was deleted during the backup. */
async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function foldersIn(dataDir: string): Promise<string[]> {
  try {
    const entries = await readdir(dataDir, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && entry.name !== POSTGRES_FOLDER)
      .map(({ name }) => name);
  } catch (error) {
    // With DATABASE_URL and RTC_DESK_SECRET nothing may ever have been written there.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

async function add(archive: Pack, name: string, size: number, content: Readable): Promise<void> {
  await pipeline(content, archive.entry({ name, size, mode: 0o600 }));
}

function addText(archive: Pack, name: string, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    archive.entry({ name, mode: 0o600 }, text, (error) => (error ? reject(error) : resolve()));
  });
}

function explained(error: unknown, file: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EEXIST':
      return new BackupError(`${file} exists already. Name another file.`, { cause: error });
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EACCES':
    case 'EROFS':
    case 'ENOSPC':
      return new BackupError(`The backup cannot be written to ${file}: ${message}`, {
        cause: error,
      });
  }
  return error;
}
