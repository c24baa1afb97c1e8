import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { move, spanOf, startsOf, todayIn } from '../../../src/admin/pages/reports/report-period.ts';
import { moveView, readView, viewQuery } from '../../../src/admin/pages/reports/report-query.ts';

const TODAY = '2026-03-29';

describe('the period of a report', () => {
  it('has weeks from Monday, and months of every length', () => {
    assert.deepEqual(spanOf(TODAY, 'week'), { from: '2026-03-23', to: '2026-03-29' });
    assert.deepEqual(spanOf('2026-03-23', 'week'), { from: '2026-03-23', to: '2026-03-29' });
    assert.deepEqual(spanOf('2028-02-10', 'month'), { from: '2028-02-01', to: '2028-02-29' });
    assert.deepEqual(spanOf(TODAY, 'day'), { from: TODAY, to: TODAY });
  });

  it('goes to the period before and after, over the end of a year', () => {
    assert.equal(move('2026-12-31', 'month', 1), '2027-01-01');
    assert.equal(move('2026-01-01', 'month', -1), '2025-12-01');
    assert.equal(move('2026-01-01', 'week', -1), '2025-12-22');
    assert.equal(move('2026-12-31', 'day', 1), '2027-01-01');
  });

  it('has every interval of a span, also the first that began before', () => {
    const span = { from: '2026-02-27', to: '2026-03-03' };
    assert.deepEqual(startsOf(span, 'week'), ['2026-02-23', '2026-03-02']);
    assert.deepEqual(startsOf(span, 'month'), ['2026-02-01', '2026-03-01']);
    assert.equal(startsOf(span, 'day').length, 5);
  });

  it('begins its day where the site is', () => {
    const now = new Date('2026-03-28T23:30:00Z');
    assert.equal(todayIn('Europe/Berlin', now), '2026-03-29');
    assert.equal(todayIn('America/New_York', now), '2026-03-28');
  });
});

describe('the address of a report', () => {
  it('is short for the present week by group', () => {
    const view = readView('', TODAY);
    assert.deepEqual(view, {
      period: 'week',
      from: '2026-03-23',
      to: '2026-03-29',
      by: 'group',
      interval: null,
      group: '',
    });
    assert.equal(viewQuery(view, TODAY), '');
  });

  for (const query of [
    '?period=month&by=agent&interval=week&group=sales',
    '?period=day&day=2026-02-03&by=hour',
    '?period=range&from=2026-01-05&to=2026-02-07&by=disposition',
    '?day=2026-03-16',
  ]) {
    it(`holds everything that is shown: ${query}`, () => {
      assert.equal(viewQuery(readView(query, TODAY), TODAY), query);
    });
  }

  it('is taken as the present week if it says something else', () => {
    assert.deepEqual(
      readView('?period=era&by=colour&interval=hour&day=2026-99-99', TODAY),
      readView('', TODAY),
    );
  });

  it('has the earlier day first', () => {
    const { from, to } = readView('?period=range&from=2026-03-05&to=2026-03-01', TODAY);
    assert.deepEqual([from, to], ['2026-03-01', '2026-03-05']);
  });

  it('goes back and comes to the same again', () => {
    const view = readView('?period=month', TODAY);
    const before = moveView(view, -1);
    assert.equal(viewQuery(before, TODAY), '?period=month&day=2026-02-01');
    assert.deepEqual(moveView(before, 1), view);
  });
});
