import { expect } from '@open-wc/testing';
import { clockText, durationText } from '../../../../src/elements/parts/texts/durations.ts';
import { setLocale } from '../../../../src/locales/locales.ts';

describe('a duration', () => {
  it('is shown as a clock, with hours only if there are any', () => {
    expect([-3, 0, 9.9, 65, 3599, 3600, 36_061].map(clockText)).to.deep.equal([
      '0:00',
      '0:00',
      '0:09',
      '1:05',
      '59:59',
      '1:00:00',
      '10:01:01',
    ]);
  });

  it('is told in words, without parts that are zero', async () => {
    const lengths = [0, 45.4, 59.6, 65, 3600, 3665];
    expect(lengths.map(durationText)).to.deep.equal([
      '0 s',
      '45 s',
      '1 min',
      '1 min 5 s',
      '1 h',
      '1 h 1 min',
    ]);
    await setLocale('zh-CN');
    expect(durationText(65)).to.equal('1 分 5 秒');
    await setLocale('en');
  });
});
