import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DatabaseUnavailable } from '../../../src/server/database/database-unavailable.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { FaultProxy } from '../../support/fault-proxy.ts';
import { waitUntil } from '../../support/wait-until.ts';

describe('a database', () => {
  onBothDatabases((test) => {
    it('keeps the changes of a transaction, and none of one that failed', async () => {
      const add = (id: string) =>
        test.db.transaction(async (tx) => {
          await tx.query(`insert into sites (id, name) values ($1, 'x')`, [id]);
          if (id === 'bad') throw new Error('no');
          return id;
        });
      assert.equal(await add('good'), 'good');
      await assert.rejects(add('bad'), /no/);
      assert.deepEqual((await test.db.query('select id from sites')).rows, [{ id: 'good' }]);
    });

    it('rejects a refused statement with its SQLSTATE, and goes on', async () => {
      const add = () => test.db.query(`insert into sites (id, name) values ($1, 'x')`, ['one']);
      await add();
      await assert.rejects(add(), { code: '23505', constraint: 'sites_pkey' });
      await assert.rejects(test.db.query('select nonsense'), { code: '42703' });
      assert.equal((await test.db.query('select from sites')).rowCount, 1);
    });

    it('retries a deadlock and a serialization failure, up to a limit', async () => {
      for (const code of ['40001', '40P01']) {
        let tries = 0;
        const result = await test.db.transaction(async (tx) => {
          tries += 1;
          await tx.query(`insert into sites (id, name) values ('s' || lower($1), 'x')`, [code]);
          if (tries < 3) throw Object.assign(new Error('again'), { code });
          return tries;
        });
        assert.equal(result, 3);
      }
      assert.equal((await test.db.query('select from sites')).rowCount, 2);
      const hopeless = test.db.transaction(() =>
        Promise.reject(Object.assign(new Error('again'), { code: '40001' })),
      );
      await assert.rejects(hopeless, { code: '40001' });
    });

    it('answers many statements at once', async () => {
      const answers = await Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          test.db.query<{ i: number }>('select $1::int as i', [i]),
        ),
      );
      assert.deepEqual(
        answers.map(({ rows }) => rows[0]?.i),
        Array.from({ length: 100 }, (_, i) => i),
      );
    });

    if (test.kind === 'PGlite') return;

    it('is busy when every connection is in use for too long, and works afterwards', async () => {
      const databaseUrl = test.url ?? assert.fail();
      const narrow = await openDatabase({
        databaseUrl,
        dataDir: '',
        nodeId: 'narrow',
        connections: 1,
        connectTimeout: 2_000,
      });
      try {
        let finish: (() => void) | null = null;
        const held = narrow.transaction(async (tx) => {
          await tx.query('select 1');
          await new Promise<void>((resolve) => (finish = resolve));
        });
        await waitUntil('the only one is in use', () => finish !== null);
        const waiting = Array.from({ length: 20 }, () => narrow.query('select 1'));
        for (const result of await Promise.allSettled(waiting)) {
          assert.ok(result.status === 'rejected' && result.reason instanceof DatabaseUnavailable);
          assert.equal(result.reason.reason, 'busy');
        }
        finish!();
        await held;
        assert.equal((await narrow.query('select 1')).rowCount, 1);
      } finally {
        await narrow.close();
      }
    });

    it('is away when nobody listens or a statement’s connection is cut', async () => {
      const url = new URL(test.url ?? assert.fail());
      const cable = await FaultProxy.start(Number(url.port));
      url.port = String(cable.port);
      const far = await openDatabase({ databaseUrl: url.href, dataDir: '', nodeId: 'far' });
      const away = (error: unknown) =>
        error instanceof DatabaseUnavailable && error.reason === 'away';
      try {
        const asleep = assert.rejects(far.query('select pg_sleep(60)'), away);
        await waitUntil('it sleeps', async () => {
          const { rowCount } = await test.db.query(
            `select from pg_stat_activity where datname = current_database() and query like '%pg_sleep(60)'
                and pid <> pg_backend_pid()`,
          );
          return rowCount > 0;
        });
        cable.cut();
        await asleep;
        await assert.rejects(far.query('select 1'), away);
        // A statement during a short absence is answered when the database is back.
        const held = far.query('select 1');
        cable.mend();
        assert.equal((await held).rowCount, 1);
      } finally {
        await far.close();
        await cable.close();
      }
    });

    it('survives a connection that PostgreSQL ends in a transaction', async () => {
      const killed = test.db.transaction(async (tx) => {
        await tx.query(`insert into sites (id, name) values ('gone', 'x')`);
        await tx.query('select pg_terminate_backend(pg_backend_pid())');
      });
      await assert.rejects(killed);
      assert.equal((await test.db.query('select from sites')).rowCount, 0);
    });

    it('survives a connection that ends while a transaction is idle on it', async () => {
      const cut = test.db.transaction(async (tx) => {
        const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
        await test.db.query('select pg_terminate_backend($1, 10000)', [rows[0]?.pid]);
        // The end of the socket arrives without any statement.
        await waitUntil('the transaction has noticed', () =>
          tx.query('select 1').then(
            () => false,
            () => true,
          ),
        );
        await tx.query('select 2');
      });
      await assert.rejects(cut);
      assert.equal((await test.db.query('select 1')).rowCount, 1);
    });

    it('lets only the caller of a locked row wait for its lock', async () => {
      await test.db.query(`insert into sites (id, name) values ('held', ''), ('free', '')`);
      const rename = (id: string) =>
        test.db.batch<{ key: string; name: string }>(
          `update sites set name = a.name
             from unnest($1::text[], $2::text[]) as a (key, name) where id = a.key returning a.key, a.name`,
          id,
          ['new'],
        );
      let letGo = (): void => assert.fail();
      const holding = test.db.transaction(async (tx) => {
        await tx.query(`select from sites where id = 'held' for update`);
        await new Promise<void>((resolve) => (letGo = resolve));
      });
      await waitUntil('the row is held', async () => {
        const free = `select from sites where id = 'held' for update skip locked`;
        return (await test.db.query(free)).rowCount === 0;
      });
      try {
        const refused = assert.rejects(
          rename('held'),
          (error) => error instanceof DatabaseUnavailable && error.reason === 'busy',
        );
        assert.deepEqual(await rename('free'), { key: 'free', name: 'new' });
        await refused;
      } finally {
        letGo();
        await holding;
      }
      assert.deepEqual(await rename('held'), { key: 'held', name: 'new' });
    });

    it('resolves a real deadlock of two transactions', async () => {
      await test.db.query(`insert into sites (id, name) values ('a', ''), ('b', '')`);
      let both: (() => void) | null = null;
      let here = 0;
      const met = new Promise<void>((resolve) => (both = resolve));
      const rename = (ids: readonly string[]) =>
        test.db.transaction(async (tx) => {
          await tx.query(`update sites set name = name || 'x' where id = $1`, [ids[0]]);
          if ((here += 1) >= 2) both?.();
          await met;
          await tx.query(`update sites set name = name || 'x' where id = $1`, [ids[1]]);
        });
      await Promise.all([rename(['a', 'b']), rename(['b', 'a'])]);
      const { rows } = await test.db.query('select name from sites');
      assert.deepEqual(rows, [{ name: 'xx' }, { name: 'xx' }]);
    });
  });
});
