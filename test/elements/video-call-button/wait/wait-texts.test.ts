import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitLineText } from '../../../../src/elements/video-call-button/wait/wait-texts.ts';

const now = new Date(2026, 2, 2, 17, 0);
const at = (day: number, hour: number) => new Date(2026, 2, day, hour, 30).getTime();
const nothing = { open: true, until: null, estimate: null, late: false };
/** Newer browsers put a narrow space before AM and PM. */
const line = (change: Partial<typeof nothing> | object, language: 'en' | 'zh-CN' = 'en') =>
  waitLineText({ ...nothing, ...change }, language, now).replace(/\s/g, ' ');

describe('the line on a button', () => {
  it('says the wait as a range of minutes, like the panel', () => {
    const wait = (min: number, max: number) => line({ estimate: { min, max } });
    assert.equal(wait(0, 60), 'Usually less than a minute');
    assert.equal(wait(30, 120), 'Usually less than 2 minutes');
    assert.equal(wait(120, 120), 'Usually about 2 minutes');
    assert.equal(wait(130, 290), 'Usually 2 to 5 minutes');
    assert.equal(line({ estimate: { min: 130, max: 290 } }, 'zh-CN'), '通常 2 至 5 分钟');
  });

  it('says until when it is closed: today, this week, or later', () => {
    assert.equal(line({ open: false, until: at(2, 18) }), 'Closed until 6:30 PM');
    assert.equal(line({ open: false, until: at(3, 9) }), 'Closed until Tue 9:30 AM');
    assert.equal(line({ open: false, until: at(20, 9) }), 'Closed until Mar 20, 9:30 AM');
    assert.equal(line({ open: false }), 'Closed');
    // Some versions of the browser's data have a space here.
    assert.match(line({ open: false, until: at(3, 9) }, 'zh-CN'), /^休息中，周二 ?09:30 开始服务$/);
  });

  it('warns when the wait may last beyond the closing time', () => {
    const late = { until: at(2, 18), late: true, estimate: { min: 600, max: 7_200 } };
    assert.equal(line(late), 'Closes 6:30 PM, the wait may be longer');
  });

  it('says when it closes where the wait is not known, and nothing where that is not known either', () => {
    assert.equal(line({ until: at(2, 18) }), 'Open until 6:30 PM');
    assert.equal(line({}), '');
  });
});
