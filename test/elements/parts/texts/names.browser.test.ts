import { expect } from '@open-wc/testing';
import { initials } from '../../../../src/elements/parts/texts/names.ts';

describe('the initials of a name', () => {
  const cases: Record<string, string> = {
    'Ada Lovelace': 'AL',
    'ada king-noel, countess of lovelace': 'AL',
    Plato: 'P',
    王小明: '王',
    'さとう ひろし': 'さ',
    'élodie ørsted': 'ÉØ',
    '𝒳avier Yu': '𝒳Y',
    '<b>': 'B',
    '😀 !': '',
    '': '',
  };
  for (const [name, letters] of Object.entries(cases)) {
    it(`of “${name}” are “${letters}”`, () => {
      expect(initials(name)).to.equal(letters);
    });
  }
});
