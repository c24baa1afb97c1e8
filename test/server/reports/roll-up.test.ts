import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { writeDispositions } from '../../../src/server/configuration/dispositions.ts';
import { readReport } from '../../../src/server/reports/read-report.ts';
import { countCalls, rollUpCalls } from '../../../src/server/reports/roll-up.ts';
import { deleteCalls } from '../../../src/server/retention/delete-calls.ts';
import { sweepRetention } from '../../../src/server/retention/sweep-retention.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { talkAt, writeCall, writeShop } from './scripted-calls.ts';

const AT = '2026-03-02T09:15:00+01:00';

describe('the roll-up of the reports', () => {
  onBothDatabases((test) => {
    beforeEach(() => writeShop(test.db));

    const stored = async () =>
      (await test.db.query('select * from report_hours order by dimension, hour')).rows;
    const report = (by: 'group' | 'agent' | 'disposition' = 'group') =>
      readReport(
        test.db,
        { siteId: 'shop', groups: null },
        { from: '2026-03-02', to: '2026-03-02', by },
      );
    const calls = async () => (await report()).total.calls;

    /** Ended calls without legs, at one moment. */
    const writeMany = (count: number) =>
      test.db.query(
        `insert into calls (site_id, group_id, visitor_name, requested_at, state, ended_at, ended_reason)
         select 'shop', case when i % 2 = 0 then 'sales' else 'service' end, 'V', $2::timestamptz, 'ended',
                $2::timestamptz + interval '9 seconds', 'cancelled'
           from generate_series(1, $1) i`,
        [count, AT],
      );

    it('adds each call once: a second run changes nothing', async () => {
      await writeCall(test.db, talkAt(AT));
      await rollUpCalls(test.db);
      const first = await stored();
      assert.deepEqual(
        first.map((row) => (row as { dimension: string }).dimension),
        ['agent', 'disposition', 'group'],
      );
      await rollUpCalls(test.db);
      assert.deepEqual(await stored(), first);
      await writeCall(test.db, talkAt(AT));
      await rollUpCalls(test.db);
      assert.equal((await stored()).length, 3);
      assert.equal(await calls(), 2);
    });

    it('counts each call once when two nodes run at the same time', async () => {
      await writeMany(4_500);
      const run = async (db: typeof test.db) => {
        while (await rollUpCalls(db));
      };
      await Promise.all([run(test.db), run(await test.another()), run(test.db)]);
      // A run that found all locked has ended early.
      await run(test.db);
      const { rows } = await test.db.query('select sum(calls)::int as calls from report_hours');
      assert.deepEqual(rows, [{ calls: 4_500 }]);
      assert.equal(await calls(), 4_500);
    });

    it('leaves nothing behind of a step that was killed, and does it again', async () => {
      const id = await writeCall(test.db, talkAt(AT));
      const killed = test.db.transaction(async (tx) => {
        await countCalls(tx, [id]);
        throw new Error('killed');
      });
      await assert.rejects(killed, /killed/);
      assert.deepEqual(await stored(), []);
      assert.equal(await calls(), 1);
      await rollUpCalls(test.db);
      assert.equal(await calls(), 1);
    });

    it('waits for the end of the wrap-up, with its time and its disposition', async () => {
      const legs = [{ agent: 'alice', state: 'left', joined: 8, left: 70 }] as const;
      await writeCall(test.db, talkAt(AT, { legs }));
      await rollUpCalls(test.db);
      assert.deepEqual(await stored(), []);
      assert.equal((await report()).total.talk, 60);
      await test.db
        .query(`update legs set state = 'closed', wrap_up_until = null, disposition = 'open',
        closed_at = left_at + interval '45 seconds'`);
      await rollUpCalls(test.db);
      assert.equal((await report()).total.wrapUp, 45);
      const [outcome] = (await report('disposition')).rows;
      assert.equal(outcome?.key, 'open');
    });

    it('never counts whoever monitors', async () => {
      await writeCall(test.db, talkAt(AT));
      await test.db.query(
        `insert into legs (call_id, kind, agent_id, site_id, group_id, reason, state, joined_at, left_at, closed_at)
         select c.id, 'monitor', a.id, 'shop', 'sales', '{}', 'closed', c.requested_at, c.ended_at, c.ended_at
           from calls c, agents a where a.username = 'bob'`,
      );
      await rollUpCalls(test.db);
      const { rows } = await report('agent');
      assert.deepEqual(
        rows.map(({ name }) => name),
        ['Alice'],
      );
      assert.equal((await report()).total.rings, 1);
    });

    it('keeps the figures of calls that retention deletes, counted before or not', async () => {
      await writeCall(test.db, talkAt(AT));
      await rollUpCalls(test.db);
      await writeCall(test.db, talkAt(AT));
      const before = { group: await report(), agent: await report('agent') };
      await test.db.query('update sites set call_days = 1');
      while (await sweepRetention(test.db));
      const { rows } = await test.db.query('select id from calls');
      assert.deepEqual(rows, []);
      assert.deepEqual({ group: await report(), agent: await report('agent') }, before);
      await rollUpCalls(test.db);
      assert.deepEqual(await report(), before.group);
    });

    it('counts a call that is erased during its wrap-up', async () => {
      const legs = [{ agent: 'alice', state: 'left', joined: 8, left: 70 }] as const;
      const id = await writeCall(test.db, talkAt(AT, { legs }));
      await test.db.transaction((tx) => deleteCalls(tx, [id]));
      assert.equal((await report()).total.talk, 60);
    });

    it('keeps a disposition that only figures have, and its label', async () => {
      const id = await writeCall(test.db, talkAt(AT));
      await test.db.transaction((tx) => deleteCalls(tx, [id]));
      await test.db.transaction((tx) => writeDispositions(tx, 'shop', { dispositions: [] }));
      const [outcome] = (await report('disposition')).rows;
      assert.deepEqual(outcome?.label, { en: 'Solved' });
      const { rows } = await test.db.query('select code from dispositions');
      assert.deepEqual(rows, [{ code: 'solved' }]);
    });

    it('goes with its site', async () => {
      await writeCall(test.db, talkAt(AT));
      await rollUpCalls(test.db);
      await test.db.transaction(async (tx) => {
        await tx.query(`set local rtc_desk.retention = 'on'`);
        await tx.query('set constraints all deferred');
        await tx.query(`delete from sites where id = 'shop'`);
      });
      assert.deepEqual(await stored(), []);
    });
  });
});
