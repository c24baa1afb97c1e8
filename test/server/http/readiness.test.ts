import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { DatabaseUnavailable } from '../../../src/server/database/database-unavailable.ts';
import type { Database } from '../../../src/server/database/database.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { withQuery } from '../../support/with-query.ts';
import { HttpFixture } from './http-fixture.ts';

describe('readiness on a full disk', () => {
  let db: Database;
  let remove: () => Promise<void>;
  let dataDir: string;
  before(async () => {
    const directory = await freshDataDirectory();
    remove = directory.remove;
    db = await openDatabase({ dataDir: directory.dataDir, nodeId: randomUUID() });
  });
  after(async () => {
    await db?.close();
    await remove?.();
  });
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'rtc-desk-full-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  async function ask(database: Database, times = 1) {
    const http = await HttpFixture.open(database, { dataDir });
    try {
      const answers: [number, string][] = [];
      for (let i = 0; i < times; i += 1) {
        const response = await http.get('/readyz');
        answers.push([response.status, ((await response.json()) as { status: string }).status]);
      }
      assert.equal((await http.get('/healthz')).status, 200);
      return { answers, log: http.log };
    } finally {
      await http.close();
    }
  }

  it('is there while both the database and the data directory can be written, and leaves no file', async () => {
    assert.deepEqual((await ask(db)).answers, [[200, 'ready']]);
    assert.deepEqual(await readdir(dataDir), []);
  });

  it('is not there when the data directory has no space; the log has one line, without a stack', async () => {
    // Every write to this device fails for lack of space.
    await symlink('/dev/full', join(dataDir, 'write-probe'));
    const { answers, log } = await ask(db, 3);
    assert.deepEqual(answers, Array(3).fill([503, 'nothing can be written']));
    const told = log.filter((line) => line.includes('the disk is full'));
    assert.equal(told.length, 1, log.join(''));
    assert.doesNotMatch(told[0] ?? '', /stack/);
  });

  it('is not there when the database cannot write, though it still reads', async () => {
    const cause = Object.assign(new Error('could not extend file'), { code: '53100' });
    const full = withQuery(db, (text, values) =>
      text.startsWith('update')
        ? Promise.reject(new DatabaseUnavailable('busy', cause))
        : db.query(text, values),
    );
    assert.deepEqual((await ask(full)).answers, [[503, 'nothing can be written']]);
  });

  it('is asked of the disk no more often than every five seconds', async () => {
    let writes = 0;
    const counting = withQuery(db, (text, values) => {
      if (text.startsWith('update service_heartbeat')) writes += 1;
      return db.query(text, values);
    });
    await ask(counting, 20);
    assert.equal(writes, 1);
  });
});
