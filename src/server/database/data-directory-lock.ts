import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lifeOf, thisProcess, type ProcessIdentity } from './process-identity.ts';

const NAME = /^rtc-desk\.([0-9a-f]{16})\.(\d+)\.(\d+)\.[0-9a-f]{16}\.lock$/;
const BEAT = 2_000;
/** A holder whose life cannot be asked for (another machine or container) is dead after this silence; ms. */
const SILENCE = 8_000;
/** Two who come in the same moment both step back, and try again. */
const TRIES = 6;

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
 * Keeps a second process off a data directory: two would destroy each other's data (FACTS). Everyone
 * who wants it first puts down a file of their own, and only then looks at the others': of two, at least
 * one sees the other. A name is never used twice, so that to remove a dead process's file can hit nobody
 * else. `lost` is called where somebody took the file away: then nothing may be written any more.
 *
 * Rejects with DataDirectoryLocked.
 */
export async function lockDataDirectory(
  dataDir: string,
  lost: () => void,
): Promise<DataDirectoryLock> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  for (let tries = 1; ; tries += 1) {
    const own = await putDown(dataDir);
    const holder = await findOther(dataDir, own).catch(async (error: unknown) => {
      await rm(join(dataDir, own), { force: true });
      throw error;
    });
    if (!holder) return keep(join(dataDir, own), lost);
    await rm(join(dataDir, own), { force: true });
    if (tries === TRIES) throw new DataDirectoryLocked(dataDir, holder.pid);
    await delay(20 + Math.random() * 40 * tries);
  }
}

async function putDown(dataDir: string): Promise<string> {
  const { machine, pid, started } = thisProcess();
  const name = `rtc-desk.${machine}.${pid}.${started}.${randomBytes(8).toString('hex')}.lock`;
  await (await open(join(dataDir, name), 'wx', 0o600)).close();
  return name;
}

/** The first other one who lives; the dead ones' files are removed. */
async function findOther(dataDir: string, own: string): Promise<ProcessIdentity | null> {
  for (const name of await readdir(dataDir)) {
    const match = NAME.exec(name);
    if (!match || name === own) continue;
    const [, machine = '', pid = '', started = ''] = match;
    const other = { machine, pid: Number(pid), started };
    const life = lifeOf(other);
    const alive = life === 'unknown' ? await beats(join(dataDir, name)) : life === 'alive';
    if (alive) return other;
    await rm(join(dataDir, name), { force: true });
  }
  return null;
}

/** Watches a file for a change by our own clock: the clocks of two machines are not compared. */
async function beats(file: string): Promise<boolean> {
  const before = await readTime(file);
  for (let waited = 0; waited < SILENCE; waited += 250) {
    await delay(250);
    const now = await readTime(file);
    if (now === null) return false;
    if (now !== before) return true;
  }
  return false;
}

async function readTime(file: string): Promise<number | null> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function keep(file: string, lost: () => void): DataDirectoryLock {
  const timer = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch((error: NodeJS.ErrnoException) => {
      // Any other failure (a full or slow disk) is no sign that somebody else came.
      if (error.code !== 'ENOENT') return;
      clearInterval(timer);
      lost();
    });
  }, BEAT);
  timer.unref();
  return {
    release: async () => {
      clearInterval(timer);
      await rm(file, { force: true });
    },
  };
}
