import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Extract } from 'tar-stream';
import { POSTGRES_FOLDER } from '../database/data-directory.ts';
import { syncTree } from '../database/durable-node-fs.ts';
import { KEY_FILE } from '../settings/signing-key.ts';
import { DATABASE_DUMP, FILES_PREFIX, MANIFEST, SECRET_FILE, type Manifest } from './archive.ts';
import { BackupError } from './backup-error.ts';
import { decrypting, ENCRYPTED_START_BYTES, isEncrypted } from './encryption.ts';

type Entry = Extract extends AsyncIterable<infer E> ? E : never;

export interface RestoreOrder {
  readonly file: string;
  readonly passphrase: string | null;
  /** It is made if it is missing. It must be empty. */
  readonly dataDir: string;
}

export interface Restored {
  readonly manifest: Manifest;
  /** Whether the file RTC_DESK_SECRET was restored, whose text has to become that setting. */
  readonly hasSecretFile: boolean;
}

/**
 * Restores a backup into an empty data directory. Everything is written into a folder inside of it first, and moved
 * to its place when the whole backup was read and found undamaged. Rejects with a BackupError.
 */
export async function restoreBackup({
  file,
  passphrase,
  dataDir,
}: RestoreOrder): Promise<Restored> {
  await requireEmpty(dataDir);
  const archive = await openArchive(file, passphrase);
  const staging = join(dataDir, `.restoring-${randomBytes(6).toString('hex')}`);
  await mkdir(staging, { recursive: true, mode: 0o700 });
  try {
    const manifest = await unpack(archive, staging, file);
    const names = await checkWhole(staging, manifest, file);
    syncTree(staging);
    // The key last: a data directory without its key is refused at the start, so that half a restore is noticed.
    names.sort((a, b) => Number(a === KEY_FILE) - Number(b === KEY_FILE));
    for (const name of names) await rename(join(staging, name), join(dataDir, name));
    return { manifest, hasSecretFile: names.includes(SECRET_FILE) };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function requireEmpty(dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const [found] = await readdir(dataDir);
  if (found === undefined) return;
  throw new BackupError(
    `${dataDir} is not empty (${found}). Restore into an empty directory: name one with --data-dir.`,
  );
}

/** The tar archive inside of the file. */
async function openArchive(
  file: string,
  passphrase: string | null,
): Promise<{ readonly source: Readable; readonly through: NodeJS.ReadWriteStream | null }> {
  const start = await readStart(file);
  if (!isEncrypted(start)) return { source: createReadStream(file), through: null };
  if (passphrase === null) {
    throw new BackupError(
      `${file} is encrypted: set RTC_DESK_BACKUP_PASSPHRASE to its passphrase.`,
    );
  }
  return {
    source: createReadStream(file, { start: start.length }),
    through: await decrypting(passphrase, start),
  };
}

async function readStart(file: string): Promise<Buffer> {
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read({
        buffer: Buffer.alloc(ENCRYPTED_START_BYTES),
      });
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new BackupError(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

async function unpack(
  { source, through }: Awaited<ReturnType<typeof openArchive>>,
  staging: string,
  file: string,
): Promise<Manifest> {
  const archive = extract();
  const piped = through ? pipeline(source, through, archive) : pipeline(source, archive);
  let manifest: Manifest | null = null;
  const read = async (): Promise<void> => {
    for await (const entry of archive) {
      if (entry.header.name === MANIFEST) manifest = readManifest(await text(entry), file);
      else if (manifest === null) throw noBackup(file);
      else await unpackEntry(entry, staging, file);
    }
  };
  try {
    await Promise.all([piped, read()]);
  } catch (error) {
    if (error instanceof BackupError) throw error;
    if (manifest === null) throw noBackup(file, error);
    throw new BackupError(`${file} is damaged: ${(error as Error).message}`, { cause: error });
  }
  if (manifest === null) throw noBackup(file);
  return manifest;
}

function readManifest(json: string, file: string): Manifest {
  const manifest = JSON.parse(json) as Manifest;
  if (manifest.format === 1) return manifest;
  throw new BackupError(
    `${file} comes from a newer rtc-desk (${manifest.version}). Restore it with that.`,
  );
}

async function unpackEntry(entry: Entry, staging: string, file: string): Promise<void> {
  const { name } = entry.header;
  if (name === DATABASE_DUMP) return unpackDatabase(entry, join(staging, POSTGRES_FOLDER), file);
  if (name === KEY_FILE || name === SECRET_FILE) return writeEntry(entry, staging, name, file);
  if (name.startsWith(FILES_PREFIX)) {
    return writeEntry(entry, staging, name.slice(FILES_PREFIX.length), file);
  }
  throw new BackupError(`${file} is no backup of rtc-desk: it contains ${name}.`);
}

async function unpackDatabase(dump: Entry, folder: string, file: string): Promise<void> {
  const archive = extract();
  const read = async (): Promise<void> => {
    for await (const entry of archive) await writeEntry(entry, folder, entry.header.name, file);
  };
  await Promise.all([pipeline(dump, createGunzip(), archive), read()]);
}

/** Writes one file or folder below `folder`, and nothing outside of it. */
async function writeEntry(entry: Entry, folder: string, name: string, file: string): Promise<void> {
  const path = join(folder, name);
  if (path !== normalize(folder) && !path.startsWith(normalize(folder) + sep)) {
    throw new BackupError(`${file} is no backup of rtc-desk: it contains ${name}.`);
  }
  if (entry.header.type === 'directory') {
    await mkdir(path, { recursive: true, mode: 0o700 });
    entry.resume();
    return;
  }
  if (entry.header.type !== 'file') {
    throw new BackupError(`${file} is no backup of rtc-desk: ${name} is no file.`);
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await pipeline(entry, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
}

/** The names of what was unpacked. */
async function checkWhole(
  staging: string,
  { database }: Manifest,
  file: string,
): Promise<string[]> {
  const names = await readdir(staging);
  const hasKey = names.includes(KEY_FILE) || names.includes(SECRET_FILE);
  if (hasKey && (database === 'external' || names.includes(POSTGRES_FOLDER))) return names;
  throw new BackupError(`${file} is damaged: it is cut off.`);
}

function noBackup(file: string, cause?: unknown): BackupError {
  return new BackupError(`${file} is no backup of rtc-desk.`, { cause });
}
