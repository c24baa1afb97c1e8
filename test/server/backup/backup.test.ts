import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pipeline } from 'node:stream/promises';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { pack } from 'tar-stream';
import { restoreBackup } from '../../../src/server/backup/restore-backup.ts';
import { writeBackup } from '../../../src/server/backup/write-backup.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import type { Database } from '../../../src/server/database/database.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';

const PASSPHRASE = 'seven green kettles';
const KEY = `${'k'.repeat(43)}\n`;

describe('a backup of the embedded database', () => {
  let database: Database;
  let dataDir: string;
  let remove: () => Promise<void>;
  let folder: string;

  before(async () => {
    ({ dataDir, remove } = await freshDataDirectory());
    await writeFile(join(dataDir, 'secret.key'), KEY);
    await mkdir(join(dataDir, 'recordings/2026'), { recursive: true });
    await writeFile(join(dataDir, 'recordings/2026/one.webm'), 'a recording');
    await writeFile(join(dataDir, 'recordings/empty'), '');
    database = await openDatabase({ dataDir, nodeId: randomUUID() });
    await database.query(`insert into sites (id, name) values ('acme', 'Acme Power')`);
  });
  after(async () => {
    await database?.close();
    await remove?.();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rtc-desk-backup-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const backUp = (name: string, passphrase: string | null, secret: string | null = null) =>
    writeBackup(
      {
        database,
        settings: { dataDir, secret, recordings: null, recordingsFolder: null },
        version: '0.1.0',
      },
      { file: join(folder, name), passphrase },
    );
  const restore = (name: string, passphrase: string | null, to = join(folder, 'restored')) =>
    restoreBackup({ file: join(folder, name), passphrase, dataDir: to });

  for (const passphrase of [null, PASSPHRASE]) {
    const how = passphrase === null ? 'plain' : 'encrypted';
    it(`is restored whole when it is ${how}, readable by its owner alone`, async () => {
      await backUp('one', passphrase);
      assert.equal((await stat(join(folder, 'one'))).mode & 0o777, 0o600);
      const bytes = await readFile(join(folder, 'one'));
      for (const words of ['ustar', KEY.trim(), 'a recording', 'Acme Power']) {
        // The database is compressed in both.
        const readable = passphrase === null && words !== 'Acme Power';
        assert.equal(bytes.includes(words), readable, words);
      }
      const to = join(folder, 'restored');
      const { manifest } = await restore('one', passphrase);
      assert.deepEqual([manifest.database, manifest.version], ['embedded', '0.1.0']);
      assert.deepEqual((await readdir(to)).sort(), ['postgres', 'recordings', 'secret.key']);
      assert.equal(await readFile(join(to, 'secret.key'), 'utf8'), KEY);
      assert.equal(await readFile(join(to, 'recordings/2026/one.webm'), 'utf8'), 'a recording');
      assert.equal(await readFile(join(to, 'recordings/empty'), 'utf8'), '');
      for (const [path, mode] of [
        ['secret.key', 0o600],
        ['postgres/PG_VERSION', 0o600],
        ['postgres/base', 0o700],
        ['recordings', 0o700],
      ] as const) {
        assert.equal((await stat(join(to, path))).mode & 0o777, mode, path);
      }
      const restored = await openDatabase({ dataDir: to, nodeId: randomUUID() });
      const { rows } = await restored.query('select name from sites');
      await restored.close();
      assert.deepEqual(rows, [{ name: 'Acme Power' }]);
    });
  }

  it('holds the database at one moment, between two transactions', async () => {
    await database.query('create table pairs (a int)');
    let writing = true;
    const writer = (async () => {
      while (writing) {
        await database.transaction(async (tx) => {
          await tx.query('insert into pairs values (1)');
          await tx.query('insert into pairs values (2)');
        });
        // PGlite answers within one turn of the event loop. The backup needs turns for its files.
        await nextTurn();
      }
    })();
    await backUp('one', null);
    writing = false;
    await writer;
    await restore('one', null);
    const restored = await openDatabase({
      dataDir: join(folder, 'restored'),
      nodeId: randomUUID(),
    });
    const { rows } = await restored.query<{ odd: number; all: number }>(
      'select count(*) filter (where a = 1)::int as odd, count(*)::int as all from pairs',
    );
    await restored.close();
    await database.query('drop table pairs');
    assert.equal(rows[0]?.all, 2 * (rows[0]?.odd ?? NaN));
  });

  for (const [what, named] of [
    ['another folder', (elsewhere: string) => ({ recordings: elsewhere, recordingsFolder: null })],
    [
      'another folder that wait for an object store',
      (elsewhere: string) => ({ recordings: 's3://bucket/prefix', recordingsFolder: elsewhere }),
    ],
  ] as const) {
    it(`has the recordings of ${what}, in place of those in the data directory`, async () => {
      const elsewhere = join(folder, 'elsewhere');
      await mkdir(join(elsewhere, 'r1'), { recursive: true });
      await writeFile(join(elsewhere, 'r1/one.recording'), 'sealed');
      const settings = { dataDir, secret: null, ...named(elsewhere) };
      await writeBackup(
        { database, settings, version: '0.1.0' },
        { file: join(folder, 'one'), passphrase: null },
      );
      await restore('one', null);
      const restored = join(folder, 'restored/recordings');
      assert.deepEqual(await readdir(restored), ['r1']);
      assert.equal(await readFile(join(restored, 'r1/one.recording'), 'utf8'), 'sealed');
    });
  }

  it('has the recordings in the data directory that wait for an object store', async () => {
    await mkdir(join(dataDir, 'recordings/r1'), { recursive: true });
    await writeFile(join(dataDir, 'recordings/r1/one.recording'), 'sealed');
    const settings = {
      ...{ dataDir, secret: null, recordings: 's3://bucket/prefix', recordingsFolder: null },
    };
    await writeBackup(
      { database, settings, version: '0.1.0' },
      { file: join(folder, 'one'), passphrase: null },
    );
    await restore('one', null);
    const restored = join(folder, 'restored/recordings/r1/one.recording');
    assert.equal(await readFile(restored, 'utf8'), 'sealed');
  });

  it('has the text of RTC_DESK_SECRET if the key comes from there', async () => {
    await backUp('one', PASSPHRASE, 'the-text-of-the-setting-of-the-key');
    const { hasSecretFile } = await restore('one', PASSPHRASE);
    assert.equal(hasSecretFile, true);
    const to = join(folder, 'restored');
    assert.equal(
      await readFile(join(to, 'RTC_DESK_SECRET'), 'utf8'),
      'the-text-of-the-setting-of-the-key',
    );
    assert.ok(!(await readdir(to)).includes('secret.key'));
  });

  it('without the database of a PostgreSQL server says so', async () => {
    const external = { dumpFiles: () => Promise.resolve(null) };
    const settings = {
      dataDir: join(folder, 'nothing'),
      secret: 'the-text-of-the-setting',
      recordings: null,
      recordingsFolder: null,
    };
    const file = join(folder, 'one');
    await writeBackup(
      { database: external, settings, version: '0.1.0' },
      { file, passphrase: null },
    );
    const { manifest } = await restore('one', null);
    assert.equal(manifest.database, 'external');
    assert.deepEqual(await readdir(join(folder, 'restored')), ['RTC_DESK_SECRET']);
  });

  it('never replaces a file, and leaves nothing behind when it fails', async () => {
    await writeFile(join(folder, 'one'), 'mine');
    await assert.rejects(backUp('one', null), { name: 'BackupError', message: /exists already/ });
    assert.equal(await readFile(join(folder, 'one'), 'utf8'), 'mine');
    await assert.rejects(backUp('missing/one', null), {
      name: 'BackupError',
      message: /cannot be written/,
    });
    assert.deepEqual(await readdir(folder), ['one']);
  });

  it('is restored into an empty place only', async () => {
    await backUp('one', null);
    const to = join(folder, 'used');
    await mkdir(to);
    await writeFile(join(to, 'notes.txt'), 'mine');
    await assert.rejects(restore('one', null, to), {
      name: 'BackupError',
      message: /used is not empty \(notes\.txt\)/,
    });
    assert.deepEqual(await readdir(to), ['notes.txt']);
  });

  it('is refused with a wrong passphrase, and without one, before anything is written', async () => {
    await backUp('one', PASSPHRASE);
    for (const [passphrase, message] of [
      ['seven green kettle', /The passphrase is wrong/],
      [null, /is encrypted: set RTC_DESK_BACKUP_PASSPHRASE/],
    ] as const) {
      await assert.rejects(restore('one', passphrase), { name: 'BackupError', message });
      assert.deepEqual(await readdir(join(folder, 'restored')), []);
    }
  });

  it('is refused when it is damaged, and leaves an empty place', async () => {
    await backUp('plain', null);
    await backUp('encrypted', PASSPHRASE);
    for (const [name, passphrase] of [
      ['plain', null],
      ['encrypted', PASSPHRASE],
    ] as const) {
      const bytes = await readFile(join(folder, name));
      const changed = Buffer.from(bytes);
      const middle = Math.floor(bytes.length / 2);
      changed.writeUInt8(changed.readUInt8(middle) ^ 1, middle);
      for (const damaged of [changed, bytes.subarray(0, middle), bytes.subarray(0, 30)]) {
        await writeFile(join(folder, 'damaged'), damaged);
        await assert.rejects(restore('damaged', passphrase), { name: 'BackupError' });
        assert.deepEqual(await readdir(join(folder, 'restored')), []);
      }
    }
  });

  it('is refused when it was cut off between two files', async () => {
    for (const [database, files] of [
      ['external', {}],
      ['embedded', { 'secret.key': KEY }],
      ['embedded', { 'files/recordings/one': 'a recording' }],
    ] as const) {
      await writeArchive(join(folder, 'cut'), database, files);
      const message = /is damaged: it is cut off/;
      await assert.rejects(restore('cut', null), { name: 'BackupError', message });
      assert.deepEqual(await readdir(join(folder, 'restored')), []);
    }
  });

  it('is refused when it is another file, or would write outside of the place', async () => {
    await writeFile(join(folder, 'text'), 'x'.repeat(10_000));
    await assert.rejects(restore('text', null), {
      name: 'BackupError',
      message: /is no backup of rtc-desk/,
    });
    await assert.rejects(restore('nowhere', null), {
      name: 'BackupError',
      message: /cannot be read/,
    });
    for (const name of ['files/../../outside', '../outside', 'files/../../restored2/x']) {
      const key = { 'secret.key': KEY };
      await writeArchive(join(folder, 'evil'), 'external', { ...key, [name]: 'evil' });
      await assert.rejects(restore('evil', null), { name: 'BackupError', message: /it contains/ });
      assert.ok(!(await readdir(folder)).includes('outside'));
      assert.deepEqual(await readdir(join(folder, 'restored')), []);
    }
  });
});

/** Writes a backup with this text in its files. */
async function writeArchive(
  path: string,
  database: 'embedded' | 'external',
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const archive = pack();
  archive.entry({ name: 'rtc-desk-backup.json' }, JSON.stringify({ format: 1, database }));
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  await pipeline(archive, createWriteStream(path));
}
