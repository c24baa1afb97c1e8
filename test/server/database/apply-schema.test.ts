import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import {
  applySchema,
  SCHEMA_VERSION,
  SchemaError,
} from '../../../src/server/database/apply-schema.ts';
import type { Queryable } from '../../../src/server/database/database.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { overClient } from '../../../src/server/database/pool-database.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { freshPostgres } from '../../support/postgres.ts';
import { waitUntil } from '../../support/wait-until.ts';

describe('the baseline schema', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rtc-desk-schema-'));
    await writeFile(join(folder, '02-parts.sql'), 'insert into whole values (2); select 1;');
    await writeFile(join(folder, '01-whole.sql'), 'create table whole (x int);');
    await writeFile(join(folder, 'README.md'), 'This is no SQL.');
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const sample = () => pathToFileURL(`${folder}/`);

  onBothDatabases((test) => {
    // An empty schema of its own stands for an empty database.
    beforeEach(() => test.db.query('drop schema if exists fresh cascade; create schema fresh'));
    const inFresh = <T>(work: (tx: Queryable) => Promise<T>): Promise<T> =>
      test.db.transaction(async (tx) => {
        await tx.query('set local search_path = fresh');
        return work(tx);
      });
    const tables = async () => {
      const { rows } = await test.db.query<{ name: string }>(
        `select relname as name from pg_class where relnamespace = 'fresh'::regnamespace and relkind = 'r' order by 1`,
      );
      return rows.map(({ name }) => name);
    };

    it('is applied once to an empty database, file by file in the order of their names', async () => {
      await inFresh((tx) => applySchema(tx, sample()));
      await inFresh((tx) => applySchema(tx, sample()));
      assert.deepEqual((await test.db.query('select x from fresh.whole')).rows, [{ x: 2 }]);
      const { rows } = await test.db.query('select version from fresh.schema_version');
      assert.deepEqual(rows, [{ version: SCHEMA_VERSION }]);
    });

    it('leaves nothing behind when a file fails', async () => {
      const bad = join(folder, '03-bad.sql');
      await writeFile(bad, 'create table third (x int); select nonsense;');
      await assert.rejects(
        inFresh((tx) => applySchema(tx, sample())),
        { code: '42703' },
      );
      assert.deepEqual(await tables(), []);
      await rm(bad);
    });

    for (const [what, sql, message] of [
      ['of an older rtc-desk', 'create table schema_migrations (version int)', /older rtc-desk/],
      ['of another program', 'create table parts (x int)', /other tables \(parts\)/],
      [
        'of another version',
        'create table schema_version (version int); insert into schema_version values (77)',
        new RegExp(`schema version 77, this rtc-desk needs ${SCHEMA_VERSION}`),
      ],
    ] as const) {
      it(`refuses a database ${what} in one line, and changes nothing`, async () => {
        await inFresh((tx) => tx.query(sql));
        const before = await tables();
        await assert.rejects(
          inFresh((tx) => applySchema(tx, sample())),
          (error) =>
            error instanceof SchemaError &&
            message.test(error.message) &&
            !error.message.includes('\n'),
        );
        assert.deepEqual(await tables(), before);
      });
    }
  });

  it('is applied once when several nodes start together on an empty database', async () => {
    const databaseUrl = await freshPostgres();
    const opened = await Promise.all(
      [1, 2, 3, 4].map((node) =>
        openDatabase({ databaseUrl, dataDir: '', nodeId: `node-${node}` }),
      ),
    );
    const [first = assert.fail()] = opened;
    assert.equal((await first.query('select from schema_version')).rowCount, 1);
    await Promise.all(opened.map((db) => db.close()));
  });

  it('is awaited by a node that starts while another one applies it', async (t) => {
    const connectionString = await freshPostgres();
    const connect = async () => {
      const client = new pg.Client({ connectionString });
      await client.connect();
      t.after(() => client.end());
      return client;
    };
    const [first, second, watcher] = [await connect(), await connect(), await connect()];
    await first.query('begin');
    await applySchema(overClient(first), sample());
    await second.query('begin');
    const waiting = applySchema(overClient(second), sample());
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
    assert.equal((await watcher.query('select from schema_version')).rowCount, 1);
  });
});
