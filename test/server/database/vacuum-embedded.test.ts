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

  const tidyAll = async (): Promise<number> => {
    for (let tables = 0; tables < 100; tables += 1) if (!(await vacuumEmbedded(db))) return tables;
    throw new Error('it never comes to an end');
  };
  const size = async (): Promise<number> => {
    const { rows } = await db.query<{ bytes: number }>(
      `select pg_relation_size('skill_groups')::int as bytes`,
    );
    return rows[0]?.bytes ?? 0;
  };
  /** PostgreSQL writes its counts at most once a second: here they are wanted at once. */
  const tellCounts = () => db.query('select pg_stat_force_next_flush()');
  /** Writes every row anew in an indexed column, so that no page can make room by itself. */
  const rewrite = async (): Promise<number> => {
    for (let i = 0; i < UPDATES; i += 1) {
      await db.query(`update skill_groups set id = 'g' || (position + ${i} * 200)`);
    }
    return size();
  };

  it('visits each table once after a start, and then only those that need it', async () => {
    const { rows } = await db.query<{ n: number }>(
      'select count(*)::int as n from pg_stat_user_tables',
    );
    assert.equal(await tidyAll(), rows[0]?.n);
    assert.equal(await tidyAll(), 0);
  });

  it('does not grow by what is written anew', async () => {
    await db.query(`insert into sites (id, name) values ('shop', 'Shop')`);
    await db.query(`insert into skill_groups (site_id, id, name, position)
      select 'shop', 'g' || n, 'Group', n from generate_series(1, 200) n`);
    const begin = await size();
    const grown = await rewrite();
    assert.ok(grown > 4 * begin, `${grown} bytes`);
    await tellCounts();
    assert.ok((await tidyAll()) > 0, 'rows that are dead are seen');
    const again = await rewrite();
    assert.ok(again < 1.2 * grown, `the room that was made free is used again: ${again} bytes`);
    const { rows } = await db.query<{ estimated: number }>(
      `select reltuples::int as estimated from pg_class where relname = 'skill_groups'`,
    );
    assert.equal(rows[0]?.estimated, 200, 'and the planner knows the table');
  });
});
