import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Database } from '../../../src/server/database/database.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { vacuumEmbedded } from '../../../src/server/database/vacuum-embedded.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';

const UPDATES = 40;

describe('an embedded database', () => {
  let directory: Awaited<ReturnType<typeof freshDataDirectory>>;
  let db: Database;
  before(async () => {
    directory = await freshDataDirectory();
    db = await openDatabase({ dataDir: directory.dataDir, nodeId: randomUUID() });
  });
  after(async () => {
    await db?.close();
    await directory?.remove();
  });

  const vacuumAll = async (): Promise<number> => {
    for (let tables = 0; tables < 100; tables += 1) if (!(await vacuumEmbedded(db))) return tables;
    throw new Error('it never ends');
  };
  const size = async (): Promise<number> => {
    const { rows } = await db.query<{ bytes: number }>(
      `select pg_relation_size('skill_groups')::int as bytes`,
    );
    return rows[0]?.bytes ?? 0;
  };
  /** PostgreSQL writes its counts at most once a second. This writes them at once. */
  const flushCounts = () => db.query('select pg_stat_force_next_flush()');
  /** Changes an indexed column of every row, so that only a vacuum can free the space. */
  const rewrite = async (): Promise<number> => {
    for (let i = 0; i < UPDATES; i += 1) {
      await db.query(`update skill_groups set id = 'g' || (position + ${i} * 200)`);
    }
    return size();
  };

  it('has each table vacuumed once after a start, and then only tables that need it', async () => {
    const { rows } = await db.query<{ n: number }>(
      'select count(*)::int as n from pg_stat_user_tables',
    );
    assert.equal(await vacuumAll(), rows[0]?.n);
    assert.equal(await vacuumAll(), 0);
  });

  it('does not grow when rows are rewritten', async () => {
    await db.query(`insert into sites (id, name) values ('shop', 'Shop')`);
    await db.query(`insert into skill_groups (site_id, id, name, position)
      select 'shop', 'g' || n, 'Group', n from generate_series(1, 200) n`);
    const begin = await size();
    const grown = await rewrite();
    assert.ok(grown > 4 * begin, `${grown} bytes`);
    await flushCounts();
    assert.ok((await vacuumAll()) > 0, 'dead rows are noticed');
    const again = await rewrite();
    assert.ok(again < 1.2 * grown, `the freed space is used again: ${again} bytes`);
    const { rows } = await db.query<{ estimated: number }>(
      `select reltuples::int as estimated from pg_class where relname = 'skill_groups'`,
    );
    assert.equal(rows[0]?.estimated, 200, 'the planner knows the size of the table');
  });
});
