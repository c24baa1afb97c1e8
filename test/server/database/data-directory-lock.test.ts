import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lockDataDirectory } from '../../../src/server/database/data-directory-lock.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { livenessOf, thisProcess } from '../../../src/server/database/process-identity.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { waitUntil } from '../../support/wait-until.ts';

const HOLDER = fileURLToPath(new URL('./hold-data-directory.ts', import.meta.url));
const never = () => assert.fail('the lock was lost');

describe('the lock of a data directory', () => {
  let dataDir = '';
  let remove = () => Promise.resolve();
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    ({ dataDir, remove } = await freshDataDirectory());
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    }
    await remove();
  });

  const locks = async () => (await readdir(dataDir)).filter((name) => name.endsWith('.lock'));

  async function hold(): Promise<ChildProcess> {
    const child = spawn(process.execPath, ['--import', 'tsx', HOLDER, dataDir], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.push(child);
    let said = '';
    child.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await waitUntil('it has opened', () => said.includes('open'), 60_000);
    return child;
  }

  it('refuses a second holder, also in the same process, and says what to do', async () => {
    const lock = await lockDataDirectory(dataDir, never);
    await assert.rejects(lockDataDirectory(dataDir, never), {
      name: 'DataDirectoryLocked',
      message: new RegExp(`in use by another rtc-desk \\(process ${process.pid}\\).*DATA_DIR`),
    });
    await lock.release();
    await (await lockDataDirectory(dataDir, never)).release();
    assert.deepEqual(await locks(), []);
  });

  it('is granted to at most one of many that start at the same moment', async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => lockDataDirectory(dataDir, never)),
    );
    const got = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    assert.ok(got.length <= 1, `${got.length} have it`);
    assert.equal((await locks()).length, got.length);
    for (const lock of got) await lock.release();
  });

  it('keeps a second process out, and after kill -9 is granted again, with all data', async () => {
    const holder = await hold();
    const opening = () => openDatabase({ dataDir, nodeId: 'second' });
    await assert.rejects(opening(), { name: 'DataDirectoryLocked' });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const db = await opening();
    assert.deepEqual((await db.query('select id from sites')).rows, [{ id: 'kept' }]);
    assert.equal((await locks()).length, 1);
    await db.close();
    assert.deepEqual(await locks(), []);
  });

  it('stays with a process that is paused', async () => {
    const holder = await hold();
    holder.kill('SIGSTOP');
    await assert.rejects(lockDataDirectory(dataDir, never), { name: 'DataDirectoryLocked' });
    holder.kill('SIGCONT');
  });

  it('is not held by a live process that has a dead one’s pid', async () => {
    const { machine, pid, started } = thisProcess();
    assert.equal(livenessOf({ machine, pid, started }), 'alive');
    if (started === '0') return;
    assert.equal(livenessOf({ machine, pid, started: '1' }), 'dead');
    await writeFile(join(dataDir, `rtc-desk.${machine}.${pid}.1.0123456789abcdef.lock`), '');
    await (await lockDataDirectory(dataDir, never)).release();
  });

  it('of another machine counts only while its file is updated', async () => {
    const file = join(dataDir, 'rtc-desk.0123456789abcdef.1.1.0123456789abcdef.lock');
    await writeFile(file, '');
    const beating = setInterval(() => void utimes(file, new Date(), new Date()), 500);
    await assert.rejects(lockDataDirectory(dataDir, never), { name: 'DataDirectoryLocked' });
    clearInterval(beating);
    await (await lockDataDirectory(dataDir, never)).release();
  });

  it('tells its holder when it was removed', async () => {
    let lost = false;
    const lock = await lockDataDirectory(dataDir, () => (lost = true));
    for (const name of await locks()) await rm(join(dataDir, name));
    await waitUntil('it is told', () => lost);
    await lock.release();
  });
});
