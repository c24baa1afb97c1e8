import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { migrate } from '../../../src/server/database/migrate.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { freshPostgres } from '../../support/postgres.ts';

describe('migrations', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rtc-desk-migrations-'));
    await writeFile(join(folder, '0001-one.sql'), 'select 1');
    await writeFile(join(folder, '0002-two.sql'), 'create table second (x int); select 1;');
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const url = () => pathToFileURL(`${folder}/`);

  onBothDatabases((test) => {
    const versions = async () => {
      const { rows } = await test.db.query<{ version: number }>(
        'select version from schema_migrations order by version',
      );
      return rows.map(({ version }) => version);
    };

    it('run once each, and what is there already is left alone', async () => {
      assert.deepEqual(await versions(), [1]);
      await test.db.transaction((tx) => migrate(tx));
      assert.deepEqual(await versions(), [1]);
      await test.db.transaction((tx) => migrate(tx, url()));
      assert.deepEqual(await versions(), [1, 2]);
      assert.equal((await test.db.query('select from second')).rowCount, 0);
    });

    it('refuse a database that a newer server has been at', async () => {
      await test.db.query(`insert into schema_migrations (version, name) values (7, 'later')`);
      const migrating = test.db.transaction((tx) => migrate(tx, url()));
      await assert.rejects(migrating, /has migration 7, this server knows 2/);
      await test.db.query('delete from schema_migrations where version = 7');
    });

    it('leave nothing half done when one fails', async () => {
      await writeFile(join(folder, '0003-bad.sql'), 'create table third (x int); select nonsense;');
      await assert.rejects(
        test.db.transaction((tx) => migrate(tx, url())),
        { code: '42703' },
      );
      await assert.rejects(test.db.query('select from third'), { code: '42P01' });
      assert.deepEqual(await versions(), [1, 2]);
      await rm(join(folder, '0003-bad.sql'));
    });
  });

  it('run once when servers start together on an empty database', async () => {
    const databaseUrl = await freshPostgres();
    const opened = await Promise.all(
      [1, 2, 3, 4].map((node) =>
        openDatabase({ databaseUrl, dataDir: '', nodeId: `node-${node}` }),
      ),
    );
    const { rows } = await (opened[0] ?? assert.fail()).query(
      'select version from schema_migrations',
    );
    assert.deepEqual(rows, [{ version: 1 }]);
    await Promise.all(opened.map((db) => db.close()));
  });
});
