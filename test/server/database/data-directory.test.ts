import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import type { Database } from '../../../src/server/database/database.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { readSigningKey } from '../../../src/server/settings/signing-key.ts';

/** Every file and folder below it with its rights, e.g. `600 postgres/PG_VERSION`. */
async function rights(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(
    [folder, ...paths].map(
      async (path) => `${((await stat(path)).mode & 0o777).toString(8)} ${path}`,
    ),
  );
}

describe('a data directory', () => {
  /** A directory with a database, a key and a site. */
  let whole = '';
  let dataDir = '';
  const umask = process.umask();
  const open = (where = dataDir): Promise<Database> =>
    openDatabase({ dataDir: where, nodeId: randomUUID() });
  const key = (db: Database, where = dataDir) =>
    readSigningKey(db, { secret: null, dataDir: where });

  before(async () => {
    process.umask(0);
    whole = await mkdtemp(join(tmpdir(), 'rtc-desk-whole-'));
    const db = await open(whole);
    await key(db, whole);
    await db.query(`insert into sites (id, name) values ('shop', 'Shop')`);
    await db.close();
  });
  beforeEach(async () => {
    process.umask(0);
    dataDir = join(await mkdtemp(join(tmpdir(), 'rtc-desk-directory-')), 'data');
    await cp(whole, dataDir, { recursive: true });
  });
  afterEach(async () => {
    mock.restoreAll();
    await rm(join(dataDir, '..'), { recursive: true, force: true });
  });
  after(async () => {
    process.umask(umask);
    await rm(whole, { recursive: true, force: true });
  });

  /** It is refused with one line of advice, and nothing in it changes. */
  async function refused(what: RegExp): Promise<void> {
    const before = await readdir(dataDir, { recursive: true });
    await assert.rejects(open(), ({ name, message }: Error) => {
      assert.equal(name, 'DataDirectoryError');
      assert.match(message, what);
      assert.doesNotMatch(message, /\n/);
      assert.match(message, /backup|DATA_DIR/);
      return true;
    });
    assert.deepEqual(await readdir(dataDir, { recursive: true }), before);
  }

  it('is for its owner alone, with all that is in it, whatever the umask', async () => {
    const wide = async (where: string) =>
      (await rights(where)).filter((line) => !/^[67]00 /.test(line));
    assert.deepEqual(await wide(whole), []);
    for (const path of [dataDir, join(dataDir, 'postgres'), join(dataDir, 'postgres/base')]) {
      await chmod(path, 0o755);
    }
    await chmod(join(dataDir, 'secret.key'), 0o644);
    await chmod(join(dataDir, 'postgres/PG_VERSION'), 0o666);
    const db = await open();
    await db.query(
      `insert into sites (id, name) select 's' || i, 'x' from generate_series(1, 5000) i`,
    );
    await db.query('checkpoint');
    assert.deepEqual(await wide(dataDir), []);
    await db.close();
    assert.deepEqual(await wide(dataDir), []);
  });

  it('is refused if others can read it and rights cannot be taken away', async () => {
    const { DataDirectoryError, secureDataDirectory } =
      await import('../../../src/server/database/data-directory.ts');
    await rm(dataDir, { recursive: true });
    await mkdir(dataDir, { mode: 0o755 });
    await writeFile(join(dataDir, 'somebody-elses.txt'), 'x');
    await assert.rejects(
      secureDataDirectory(dataDir),
      (error) => error instanceof DataDirectoryError && /holds other files/.test(error.message),
    );
    assert.equal((await stat(dataDir)).mode & 0o777, 0o755, 'it is not closed to them');
    // No rights can be changed in /proc, as on a file system that keeps none.
    await assert.rejects(
      secureDataDirectory('/proc/self/task'),
      (error) => error instanceof DataDirectoryError,
    );
  });

  it('is refused without PG_VERSION, and not filled anew', async () => {
    await rm(join(dataDir, 'postgres/PG_VERSION'));
    await refused(/PG_VERSION/);
  });

  it('is refused without its key, and gets no other one', async () => {
    await rm(join(dataDir, 'secret.key'));
    const db = await open();
    await assert.rejects(key(db), {
      name: 'SettingsError',
      message: /secret\.key is missing .* Restore it/,
    });
    assert.ok(!(await readdir(dataDir)).includes('secret.key'));
    await db.query('delete from sites');
    assert.equal((await key(db)).length, 32, 'without a site nothing depends on the key');
    await db.close();
  });

  const damages: Record<string, (postgres: string) => Promise<unknown>> = {
    'a control file that is cut': (postgres) => writeFile(join(postgres, 'global/pg_control'), 'x'),
    'no control file': (postgres) => rm(join(postgres, 'global/pg_control')),
    'the version of another PostgreSQL': (postgres) =>
      writeFile(join(postgres, 'PG_VERSION'), '9.6\n'),
    'an empty PG_VERSION': (postgres) => writeFile(join(postgres, 'PG_VERSION'), ''),
    'no write-ahead log': (postgres) => rm(join(postgres, 'pg_wal'), { recursive: true }),
    'no tables': (postgres) => rm(join(postgres, 'base'), { recursive: true }),
  };
  for (const [what, damage] of Object.entries(damages)) {
    it(`with ${what} is refused with one line of advice`, async () => {
      await damage(join(dataDir, 'postgres'));
      await assert.rejects(open(), ({ name, message }: Error) => {
        assert.equal(name, 'DataDirectoryError', message);
        assert.match(message, /cannot be opened: it is damaged.*backup/);
        assert.doesNotMatch(message, /\n/);
        return true;
      });
      // The lock is released, so that the next try says the same.
      await assert.rejects(open(), { name: 'DataDirectoryError' });
    });
  }

  it('has on the disk what was acknowledged', async () => {
    const db = await open();
    const sync = mock.method(fs, 'fsyncSync');
    await db.query(`insert into sites (id, name) values ('one', 'One')`);
    const once = sync.mock.callCount();
    assert.ok(once >= 1, 'a statement is synced before it is acknowledged');
    await db.query('select 1', []);
    assert.equal(sync.mock.callCount(), once, 'a reading is not');
    await db.transaction(async (tx) => {
      await tx.query(`insert into sites (id, name) values ('two', 'Two')`);
      await tx.query(`insert into sites (id, name) values ('three', 'Three')`);
      assert.equal(sync.mock.callCount(), once);
    });
    assert.ok(sync.mock.callCount() > once);
    const { rows } = await db.query<{ fsync: string }>('show fsync');
    assert.equal(rows[0]?.fsync, 'on');
    await db.close();
    assert.match(await readFile(join(dataDir, 'postgres/PG_VERSION'), 'utf8'), /^1\d/);
  });
});
