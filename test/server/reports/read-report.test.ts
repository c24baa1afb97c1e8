import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { ReportFigures, ReportQuery } from '../../../src/protocol/rest/reports.ts';
import type { Database, Queryable } from '../../../src/server/database/database.ts';
import { HISTOGRAM_BOUNDS_MS } from '../../../src/server/reports/histogram.ts';
import { readReport } from '../../../src/server/reports/read-report.ts';
import { rollUpCalls } from '../../../src/server/reports/roll-up.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { withCode } from '../../support/error-code.ts';
import { talkAt, writeCall, writeShop } from './scripted-calls.ts';

const DAY = '2026-03-02';
const SITE = { siteId: 'shop', groups: null };

describe('a report', () => {
  onBothDatabases((test) => {
    beforeEach(() => writeShop(test.db));

    const report = (
      query: Partial<ReportQuery> = {},
      scope: { siteId: string; groups: string[] | null } = SITE,
    ) => readReport(test.db, scope, { from: DAY, to: DAY, by: 'group', ...query });
    /** Some figures of each row, by its key. */
    async function rows(query: Partial<ReportQuery>, ...names: (keyof ReportFigures)[]) {
      const { rows: found } = await report(query);
      return found.map((row) => [row.start, row.key, ...names.map((name) => row[name])]);
    }

    /** A day with known figures: in the group of sales three answered, two abandoned, one ended otherwise. */
    async function writeDay() {
      await writeCall(test.db, talkAt(`${DAY}T09:15:00+01:00`));
      await writeCall(
        test.db,
        talkAt(`${DAY}T09:20:00+01:00`, {
          queued: 30,
          connected: 50,
          ended: 170,
          legs: [
            { agent: 'alice', state: 'missed', closed: 40 },
            { agent: 'bob', joined: 49, left: 170, closed: 180, disposition: 'open' },
          ],
        }),
      );
      // Alice transfers it to bob in the other group.
      await writeCall(
        test.db,
        talkAt(`${DAY}T11:00:00+01:00`, {
          connected: 40,
          ended: 240,
          legs: [
            { agent: 'alice', joined: 38, left: 140, closed: 140 },
            {
              agent: 'bob',
              group: 'service',
              joined: 130,
              left: 240,
              closed: 250,
              disposition: 'solved',
            },
          ],
        }),
      );
      await writeCall(test.db, { at: `${DAY}T11:05:00+01:00`, ended: 4, reason: 'cancelled' });
      await writeCall(test.db, {
        at: `${DAY}T11:06:00+01:00`,
        ended: 90,
        reason: 'abandoned',
        legs: [{ agent: 'bob', state: 'declined', closed: 20 }],
      });
      await writeCall(test.db, { at: `${DAY}T11:07:00+01:00`, ended: 300, reason: 'message-left' });
      await writeCall(test.db, {
        at: `${DAY}T12:00:00+01:00`,
        group: null,
        ended: 9,
        reason: 'flow-ended',
      });
    }

    it('has memory for its groups, so that it sorts no rows on the disk, and gives it back', async () => {
      const settingOf = async (db: Queryable) =>
        (await db.query<{ work_mem: string }>('show work_mem')).rows[0]?.work_mem;
      const before = await settingOf(test.db);
      const within: (string | undefined)[] = [];
      const transaction: Database['transaction'] = (work) =>
        test.db.transaction((tx) =>
          work({
            query: async (text, values) => {
              if (text.includes('report_hours')) within.push(await settingOf(tx));
              return tx.query(text, values);
            },
          }),
        );
      await readReport({ transaction }, SITE, { from: DAY, to: DAY, by: 'agent' });
      assert.deepEqual(within, ['64MB']);
      assert.notEqual(before, '64MB');
      assert.equal(await settingOf(test.db), before);
    });

    it('reckons the service level by the bounds of the site', async () => {
      await test.db.query('update sites set service_level_seconds = 40, short_abandon_seconds = 3');
      await writeDay();
      const { total } = await report();
      assert.equal(total.answeredInTime, 3);
      assert.equal(total.abandonedEarly, 0);
      assert.equal(total.serviceLevel, 0.6);
    });

    for (const [when, prepare] of [
      ['before the calls are rolled up', () => Promise.resolve(false)],
      ['afterwards', () => rollUpCalls(test.db)],
    ] as const) {
      it(`has the figures of a day, ${when}`, async () => {
        await writeDay();
        await prepare();
        const { rows: found, total } = await report();
        assert.deepEqual(
          found.map(({ key, name }) => [key, name]),
          [
            ['sales', 'Sales'],
            ['service', 'After-sales'],
            [null, null],
          ],
        );
        const { start: _start, key: _key, name: _name, label: _label, ...sales } = found[0]!;
        assert.deepEqual(sales, {
          calls: 6,
          offered: 6,
          answered: 3,
          answeredInTime: 2,
          abandoned: 2,
          abandonedEarly: 1,
          serviceLevel: 0.5,
          abandonment: 0.3333,
          averageWait: 23.3,
          medianWait: 25,
          p90Wait: 40.5,
          averageAbandonedWait: 47,
          longestWait: 90,
          rings: 5,
          missed: 1,
          declined: 1,
          handled: 3,
          talk: 280,
          wrapUp: 40,
          averageTalk: 93.3,
          averageHandling: 106.7,
          medianHandling: 112.5,
          p90Handling: 162,
        });
        assert.equal(found[1]?.handled, 1);
        assert.equal(found[1]?.talk, 110);
        assert.equal(found[1]?.serviceLevel, null);
        assert.equal(found[2]?.calls, 1);
        assert.equal(found[2]?.offered, 0);
        assert.equal(total.calls, 7);
        assert.equal(total.serviceLevel, 0.5);
        assert.equal(total.longestWait, 90);
        const handling = await rows({ by: 'agent' }, 'medianWait', 'medianHandling');
        assert.deepEqual(
          handling.map(([, , wait, half]) => [wait, half]),
          [
            [null, 105],
            [null, 150],
          ],
        );
        const names = ['answered', 'averageWait', 'handled', 'talk', 'missed', 'declined'] as const;
        const agents = await report({ by: 'agent' });
        assert.deepEqual(
          agents.rows.map((row) => [row.name, ...names.map((name) => row[name])]),
          [
            ['Alice', 2, 25, 2, 160, 1, 0],
            ['Bob', 1, 20, 2, 230, 0, 1],
          ],
        );
        assert.deepEqual(await rows({ by: 'hour' }, 'calls', 'answered', 'abandoned'), [
          [DAY, '9', 2, 2, 0],
          [DAY, '11', 4, 1, 2],
          [DAY, '12', 1, 0, 0],
        ]);
        const outcomes = await report({ by: 'disposition' });
        assert.deepEqual(
          outcomes.rows.map(({ key, label, handled, talk }) => [key, label, handled, talk]),
          [
            ['open', { en: '=Open' }, 1, 120],
            ['solved', { en: 'Solved' }, 2, 170],
            [null, null, 1, 100],
          ],
        );
      });
    }

    it('makes the percentiles of a day from the histograms of its hours', async () => {
      const talk = (hour: number, connected: number) =>
        writeCall(test.db, talkAt(`${DAY}T${hour}:00:00+01:00`, { connected, ended: 400 }));
      for (const wait of [1, 1, 1, 1, 1, 1, 1, 1]) await talk(10, wait);
      for (const wait of [100, 200]) await talk(11, wait);
      await rollUpCalls(test.db);
      // The ten waits: eight of 1 s, one of 100 s, one of 200 s. The mean of the hours' medians would be far off.
      const { total } = await report();
      assert.ok(total.medianWait !== null && total.medianWait >= 1 && total.medianWait <= 2);
      assert.equal(total.p90Wait, 120);
      assert.deepEqual(await rows({ by: 'hour' }, 'p90Wait'), [
        [DAY, '10', 1.8],
        [DAY, '11', 228],
      ]);
    });

    it('has no percentile of nothing', async () => {
      await writeCall(test.db, { at: `${DAY}T10:00:00+01:00`, ended: 90, reason: 'abandoned' });
      const { total } = await report();
      assert.deepEqual([total.medianWait, total.p90Handling], [null, null]);
    });

    it('sorts times into the buckets that the reader of the sums knows', async () => {
      const { rows: bounds } = await test.db.query<{ bounds: number[] }>(
        'select to_json(histogram_bounds()) as bounds',
      );
      assert.deepEqual(bounds[0]?.bounds, HISTOGRAM_BOUNDS_MS);
    });

    it('counts a call in the hour of its request, though it ends in a later one', async () => {
      await writeCall(test.db, talkAt(`${DAY}T23:59:30+01:00`, { ended: 3_670 }));
      await rollUpCalls(test.db);
      assert.deepEqual(await rows({ by: 'hour' }, 'calls'), [[DAY, '23', 1]]);
      assert.deepEqual(await rows({ from: '2026-03-03', to: '2026-03-03' }), []);
    });

    it('leaves out a live call, and has it once it has ended', async () => {
      await writeCall(test.db, { at: `${DAY}T10:00:00+01:00` });
      await rollUpCalls(test.db);
      assert.deepEqual(await rows({}), []);
      await test.db.query(`update calls set state = 'ended', ended_reason = 'cancelled',
        ended_at = requested_at + interval '2 hours'`);
      assert.deepEqual(await rows({}, 'abandoned'), [[DAY, 'sales', 1]]);
      await rollUpCalls(test.db);
      assert.deepEqual(await rows({ by: 'hour' }, 'abandoned'), [[DAY, '10', 1]]);
    });

    it('has days of 23 and of 25 hours where the clocks change', async () => {
      // From 02:00 to 03:00, and on the other day the hour from 02:00 twice.
      await writeCall(test.db, talkAt('2026-03-28T23:30:00Z'));
      await writeCall(test.db, talkAt('2026-03-29T00:30:00Z'));
      await writeCall(test.db, talkAt('2026-03-29T01:30:00Z'));
      await writeCall(test.db, talkAt('2026-03-29T21:30:00Z'));
      await writeCall(test.db, talkAt('2026-03-29T22:30:00Z'));
      for (const hour of [
        '2026-10-24T22',
        '2026-10-25T00',
        '2026-10-25T01',
        '2026-10-25T22',
        '2026-10-25T23',
      ]) {
        await writeCall(test.db, talkAt(`${hour}:30:00Z`));
      }
      await rollUpCalls(test.db);
      const span = { from: '2026-03-28', to: '2026-11-01', interval: 'day' } as const;
      assert.deepEqual(await rows(span, 'calls'), [
        ['2026-03-29', 'sales', 4],
        ['2026-03-30', 'sales', 1],
        ['2026-10-25', 'sales', 4],
        ['2026-10-26', 'sales', 1],
      ]);
      const spring = { from: '2026-03-29', to: '2026-03-29', by: 'hour' } as const;
      assert.deepEqual(await rows(spring, 'calls'), [
        ['2026-03-29', '0', 1],
        ['2026-03-29', '1', 1],
        ['2026-03-29', '3', 1],
        ['2026-03-29', '23', 1],
      ]);
      const autumn = { from: '2026-10-25', to: '2026-10-25', by: 'hour' } as const;
      assert.deepEqual(await rows(autumn, 'calls'), [
        ['2026-10-25', '0', 1],
        ['2026-10-25', '2', 2],
        ['2026-10-25', '23', 1],
      ]);
    });

    it('has hours and days of a time zone that is off by half an hour', async () => {
      await test.db.query(`update sites set time_zone = 'Asia/Kolkata'`);
      await writeCall(test.db, talkAt('2026-03-01T18:29:00Z'));
      await writeCall(test.db, talkAt('2026-03-01T18:31:00Z'));
      await rollUpCalls(test.db);
      assert.deepEqual(await rows({ from: '2026-03-01', by: 'hour', interval: 'day' }, 'calls'), [
        ['2026-03-01', '23', 1],
        ['2026-03-02', '0', 1],
      ]);
    });

    it('has a row for each week from Monday, or each month', async () => {
      for (const day of ['2026-02-28', '2026-03-01', '2026-03-02', '2026-03-08']) {
        await writeCall(test.db, talkAt(`${day}T12:00:00Z`));
      }
      await rollUpCalls(test.db);
      const span = { from: '2026-02-01', to: '2026-03-31' };
      assert.deepEqual(await rows({ ...span, interval: 'week' }, 'calls'), [
        ['2026-02-23', 'sales', 2],
        ['2026-03-02', 'sales', 2],
      ]);
      assert.deepEqual(await rows({ ...span, interval: 'month' }, 'calls'), [
        ['2026-02-01', 'sales', 1],
        ['2026-03-01', 'sales', 3],
      ]);
      assert.deepEqual(await rows(span, 'calls'), [['2026-02-01', 'sales', 4]]);
    });

    it('shows one group, or those of the scope, and nothing of another site', async () => {
      await writeDay();
      await test.db.query(`insert into sites (id, name) values ('bank', 'Bank')`);
      await test.db.query(
        `insert into skill_groups (site_id, id, name) values ('bank', 'sales', 'Loans')`,
      );
      await writeCall(test.db, { site: 'bank', at: `${DAY}T10:00:00Z`, ended: 60 });
      for (let run = 0; run < 2; run += 1) {
        assert.equal((await report()).total.calls, 7);
        assert.deepEqual(await rows({ group: 'service' }, 'handled'), [[DAY, 'service', 1]]);
        const own = await report({ by: 'agent' }, { siteId: 'shop', groups: ['service'] });
        assert.deepEqual(
          own.rows.map(({ name, handled, talk }) => [name, handled, talk]),
          [['Bob', 1, 110]],
        );
        assert.deepEqual((await report({}, { siteId: 'shop', groups: [] })).rows, []);
        assert.equal((await report({}, { siteId: 'bank', groups: null })).total.calls, 1);
        await rollUpCalls(test.db);
      }
    });

    it('refuses days that do not exist, a span that ends before it begins, and a group out of the scope', async () => {
      await assert.rejects(report({ from: '2026-02-30' }), withCode('bad-message'));
      await assert.rejects(report({ from: '2026-03-03' }), withCode('bad-message'));
      await assert.rejects(report({ group: 'nothing' }), withCode('not-found'));
      await assert.rejects(
        report({ group: 'sales' }, { siteId: 'shop', groups: ['service'] }),
        withCode('not-found'),
      );
    });
  });
});
