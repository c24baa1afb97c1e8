import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { livenessOf, thisProcess, type ProcessIdentity } from './process-identity.ts';

const FILE_NAME = /^rtc-desk\.([0-9a-f]{16})\.(\d+)\.(\d+)\.[0-9a-f]{16}\.lock$/;
const HEARTBEAT_MS = 2_000;
/** A process on another machine or in another container is dead if its file has not changed for this long. */
const DEAD_AFTER_MS = 8_000;
/** Two processes that start at the same moment both step back and try again. */
const MAX_ATTEMPTS = 6;

export class DataDirectoryLocked extends Error {
  override readonly name = 'DataDirectoryLocked';

  constructor(dataDir: string, pid: number) {
    super(
      `The data directory ${dataDir} is in use by another rtc-desk (process ${pid}). ` +
        'Stop that one, or give this one a directory of its own with DATA_DIR.',
    );
  }
}

export interface DataDirectoryLock {
  release(): Promise<void>;
}

/**
 * Keeps a second process off a data directory, because two processes destroy each other's data.
 *
 * Each process first creates a file of its own and then looks for others. So of two processes, at least one sees the
 * other. A name is never used twice, so that removing a dead process's file cannot remove another one's. `lost` is
 * called when somebody has removed the file: then nothing may be written any more.
 *
 * Rejects with DataDirectoryLocked.
 */
export async function lockDataDirectory(
  dataDir: string,
  lost: () => void,
): Promise<DataDirectoryLock> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  for (let attempt = 1; ; attempt += 1) {
    const own = await createLockFile(dataDir);
    const holder = await findHolder(dataDir, own).catch(async (error: unknown) => {
      await rm(join(dataDir, own), { force: true });
      throw error;
    });
    if (!holder) return keepLock(join(dataDir, own), lost);
    await rm(join(dataDir, own), { force: true });
    if (attempt === MAX_ATTEMPTS) throw new DataDirectoryLocked(dataDir, holder.pid);
    await delay(20 + Math.random() * 40 * attempt);
  }
}

async function createLockFile(dataDir: string): Promise<string> {
  const { machine, pid, started } = thisProcess();
  const name = `rtc-desk.${machine}.${pid}.${started}.${randomBytes(8).toString('hex')}.lock`;
  await (await open(join(dataDir, name), 'wx', 0o600)).close();
  return name;
}

/** The first other process that is alive. Files of dead processes are removed. */
async function findHolder(dataDir: string, own: string): Promise<ProcessIdentity | null> {
  for (const name of await readdir(dataDir)) {
    const match = FILE_NAME.exec(name);
    if (!match || name === own) continue;
    const [, machine = '', pid = '', started = ''] = match;
    const other = { machine, pid: Number(pid), started };
    const liveness = livenessOf(other);
    const alive =
      liveness === 'unknown' ? await hasHeartbeat(join(dataDir, name)) : liveness === 'alive';
    if (alive) return other;
    await rm(join(dataDir, name), { force: true });
  }
  return null;
}

/** Watches the file for a change by this machine's clock: the clocks of two machines are never compared. */
async function hasHeartbeat(file: string): Promise<boolean> {
  const before = await readModifiedTime(file);
  for (let waited = 0; waited < DEAD_AFTER_MS; waited += 250) {
    await delay(250);
    const now = await readModifiedTime(file);
    if (now === null) return false;
    if (now !== before) return true;
  }
  return false;
}

async function readModifiedTime(file: string): Promise<number | null> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function keepLock(file: string, lost: () => void): DataDirectoryLock {
  const timer = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch((error: NodeJS.ErrnoException) => {
      // Any other failure (a full or slow disk) is no sign of another process.
      if (error.code !== 'ENOENT') return;
      clearInterval(timer);
      lost();
    });
  }, HEARTBEAT_MS);
  timer.unref();
  return {
    release: async () => {
      clearInterval(timer);
      await rm(file, { force: true });
    },
  };
}
