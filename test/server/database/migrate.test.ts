import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { migrate } from '../../../src/server/database/migrate.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { overClient } from '../../../src/server/database/pool-database.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { freshPostgres } from '../../support/postgres.ts';
import { waitUntil } from '../../support/wait-until.ts';

const OWN = new URL('../../../src/server/database/migrations/', import.meta.url);

describe('migrations', () => {
  let folder = '';
  const known: number[] = [];
  let next = 0;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rtc-desk-migrations-'));
    // The server's own, and one more.
    const own = (await readdir(OWN)).sort();
    for (const name of own) known.push(Number(name.slice(0, 4)));
    for (const name of own) await writeFile(join(folder, name), await readFile(new URL(name, OWN)));
    next = Math.max(...known) + 1;
    const file = `${String(next).padStart(4, '0')}-next.sql`;
    await writeFile(join(folder, file), 'create table second (x int); select 1;');
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
      assert.deepEqual(await versions(), known);
      await test.db.transaction((tx) => migrate(tx));
      assert.deepEqual(await versions(), known);
      await test.db.transaction((tx) => migrate(tx, url()));
      assert.deepEqual(await versions(), [...known, next]);
      assert.equal((await test.db.query('select from second')).rowCount, 0);
    });

    it('refuse a database that a newer server has been at', async () => {
      await test.db.query(`insert into schema_migrations (version, name) values (77, 'later')`);
      const migrating = test.db.transaction((tx) => migrate(tx, url()));
      await assert.rejects(migrating, new RegExp(`has migration 77, this server knows ${next}`));
      await test.db.query('delete from schema_migrations where version = 77');
    });

    it('leave nothing half done when one fails', async () => {
      const bad = join(folder, `${String(next + 1).padStart(4, '0')}-bad.sql`);
      await writeFile(bad, 'create table third (x int); select nonsense;');
      await assert.rejects(
        test.db.transaction((tx) => migrate(tx, url())),
        { code: '42703' },
      );
      await assert.rejects(test.db.query('select from third'), { code: '42P01' });
      assert.deepEqual(await versions(), [...known, next]);
      await rm(bad);
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
      'select version from schema_migrations order by version',
    );
    assert.deepEqual(
      rows,
      known.map((version) => ({ version })),
    );
    await Promise.all(opened.map((db) => db.close()));
  });

  it('of a server that comes while another is at it wait for that one', async (t) => {
    const connectionString = await freshPostgres();
    const [first, second, watcher] = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const client = new pg.Client({ connectionString });
        await client.connect();
        t.after(() => client.end());
        return client;
      }),
    );
    assert.ok(first && second && watcher);
    await first.query('begin');
    await migrate(overClient(first));
    await second.query('begin');
    const waiting = migrate(overClient(second));
    await waitUntil('the second waits for the lock', async () => {
      const { rows } = await watcher.query<{ wait: string | null }>(
        `select wait_event as wait from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows[0]?.wait === 'advisory';
    });
    await first.query('commit');
    await waiting;
    await second.query('commit');
    const { rows } = await watcher.query<{ n: number }>(
      'select count(*)::int as n from schema_migrations',
    );
    assert.equal(rows[0]?.n, known.length);
  });
});
