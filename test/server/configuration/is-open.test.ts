import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { onBothDatabases } from '../../support/databases.ts';

const span = (from: string, to: string) => ({ from, to });
const weekdays = { days: [1, 2, 3, 4, 5] };
/** Office hours with a break at noon, a night on Friday, and holidays. */
const schedule = {
  timeZone: 'Europe/Berlin',
  open: [
    { ...weekdays, ...span('09:00', '12:00') },
    { ...weekdays, ...span('13:00', '18:00') },
    { days: [5], ...span('22:00', '02:00') },
  ],
  exceptions: [
    { name: 'Inventory', date: '2026-03-04', open: [span('10:00', '11:00')] },
    { name: 'Also that day', date: '2026-03-04', open: [] },
    { name: 'New year', date: '2020-12-30', until: '2020-01-02', yearly: true, open: [] },
    { name: 'Open once', date: '2027-01-01', open: [span('09:00', '10:00')] },
    { name: 'Summer', date: '2026-08-03', until: '2026-08-07', open: [] },
    { name: 'All night', date: '2026-09-01', open: [span('00:00', '00:00')] },
  ],
};

/** Local times in Berlin, and whether it is open then. */
const cases: [string, boolean, string][] = [
  ['2026-03-02T08:59+01:00', false, 'Monday before nine'],
  ['2026-03-02T09:00+01:00', true, 'Monday at nine'],
  ['2026-03-02T12:00+01:00', false, 'Monday at noon'],
  ['2026-03-02T13:00+01:00', true, 'Monday at one'],
  ['2026-03-02T18:00+01:00', false, 'Monday at six'],
  ['2026-03-07T10:00+01:00', false, 'Saturday'],
  ['2026-03-06T22:30+01:00', true, 'Friday night'],
  ['2026-03-07T01:59+01:00', true, 'Saturday before two'],
  ['2026-03-07T02:00+01:00', false, 'Saturday at two'],
  ['2026-03-06T01:00+01:00', false, 'Friday morning'],
  ['2026-07-06T09:00+02:00', true, 'Monday at nine in summer time'],
  ['2026-07-06T09:00+01:00', true, 'Monday at ten in summer time'],
  ['2026-07-06T08:00+01:00', true, 'the same moment as nine in summer time'],
  ['2026-07-06T06:59+00:00', false, 'a minute before it'],
  ['2026-03-04T09:30+01:00', false, 'the exception takes the place of the table'],
  ['2026-03-04T10:30+01:00', true, 'the first exception of a day counts'],
  ['2026-12-30T10:00+01:00', false, 'the first day of a yearly exception'],
  ['2029-01-02T10:00+01:00', false, 'its last day, over the end of the year'],
  ['2029-01-03T10:00+01:00', true, 'the day after it'],
  ['2027-01-01T09:30+01:00', true, 'an exception of one year goes before a yearly one'],
  ['2026-08-05T10:00+02:00', false, 'within several days'],
  ['2026-08-10T10:00+02:00', true, 'after them'],
  ['2026-09-01T00:00+02:00', true, 'a whole day begins at midnight'],
  ['2026-09-01T23:59+02:00', true, 'and lasts until midnight'],
  ['2026-09-02T00:00+02:00', false, 'and not longer'],
];

describe('is_open', () => {
  onBothDatabases((test) => {
    const isOpen = async (value: object | null, zone: string, at: string) => {
      const { rows } = await test.db.query<{ open: boolean }>(
        'select is_open($1, $2, $3) as open',
        [value && JSON.stringify(value), zone, at],
      );
      return rows[0]?.open;
    };

    it('follows the table, the breaks, the nights and the exceptions', async () => {
      for (const [at, open, what] of cases) {
        assert.equal(await isOpen(schedule, 'UTC', at), open, `${at}: ${what}`);
      }
    });

    it('uses the site’s time zone if the hours name none, and is always true without hours', async () => {
      const local = { open: schedule.open, exceptions: schedule.exceptions };
      assert.equal(await isOpen(local, 'Asia/Shanghai', '2026-03-02T09:00+08:00'), true);
      assert.equal(await isOpen(local, 'Asia/Shanghai', '2026-03-02T18:00+08:00'), false);
      assert.equal(await isOpen({ ...local, timeZone: null }, 'UTC', '2026-03-02T09:00Z'), true);
      assert.equal(await isOpen(null, 'UTC', '2026-03-02T03:00Z'), true);
      assert.equal(await isOpen({ open: [] }, 'UTC', '2026-03-02T10:00Z'), false);
    });
  });
});

/** Local times in Berlin, and when it changes next. */
const changes: [string, string | null, string][] = [
  ['2026-03-02T08:59+01:00', '2026-03-02T09:00+01:00', 'opens on Monday'],
  ['2026-03-02T09:00+01:00', '2026-03-02T12:00+01:00', 'closes at noon'],
  ['2026-03-02T12:30+01:00', '2026-03-02T13:00+01:00', 'opens after the break'],
  ['2026-03-06T23:00+01:00', '2026-03-07T02:00+01:00', 'closes in the night'],
  ['2026-03-07T10:00+01:00', '2026-03-09T09:00+01:00', 'opens after the weekend'],
  ['2026-03-28T10:00+01:00', '2026-03-30T09:00+02:00', 'opens in summer time'],
  ['2026-07-31T20:00+02:00', '2026-07-31T22:00+02:00', 'opens for the night'],
  ['2026-08-01T10:00+02:00', '2026-08-10T09:00+02:00', 'opens after the holidays'],
  ['2026-09-01T12:00+02:00', '2026-09-02T00:00+02:00', 'closes after a whole day'],
  ['2029-01-01T12:00+01:00', '2029-01-03T09:00+01:00', 'opens after a yearly exception'],
];

describe('next_change', () => {
  onBothDatabases((test) => {
    const nextChange = async (value: object | null, at: string) => {
      const { rows } = await test.db.query<{ at: Date | null }>(
        'select next_change($1, $2, $3) as at',
        [value && JSON.stringify(value), 'UTC', at],
      );
      return rows[0]?.at?.toISOString() ?? null;
    };

    it('is the next time at which it opens or closes', async () => {
      for (const [at, next, what] of changes) {
        assert.equal(await nextChange(schedule, at), next && new Date(next).toISOString(), what);
      }
    });

    it('joins spans that follow each other', async () => {
      const everyDay = { days: [1, 2, 3, 4, 5, 6, 7] };
      const joined = (...spans: object[]) => ({
        open: spans.map((one) => ({ ...everyDay, ...one })),
        exceptions: [],
      });
      const at = '2026-03-02T10:00Z';
      assert.equal(
        await nextChange(joined(span('09:00', '12:00'), span('12:00', '18:00')), at),
        '2026-03-02T18:00:00.000Z',
      );
      assert.equal(await nextChange(joined(span('00:00', '00:00')), at), null);
    });

    it('is null without hours, and where nothing changes within 31 days', async () => {
      const at = '2026-03-02T10:00Z';
      assert.equal(await nextChange(null, at), null);
      assert.equal(await nextChange({ open: [], exceptions: [] }, at), null);
      const once = (date: string) => ({
        timeZone: 'UTC',
        open: [],
        exceptions: [{ name: 'Once', date, open: [span('08:00', '09:00')] }],
      });
      assert.equal(await nextChange(once('2026-04-02'), at), '2026-04-02T08:00:00.000Z');
      assert.equal(await nextChange(once('2026-04-03'), at), null);
    });
  });
});
