import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { markText } from '../../src/admin/pages/calls/mark-text.ts';

const marked = (text: string, sought: string) =>
  markText(text, sought)
    .map((piece) => (piece.hit ? `[${piece.text}]` : piece.text))
    .join('');

describe('a found text', () => {
  it('has each hit marked, whatever its case', () => {
    assert.equal(marked('The METER, a meter.', 'Meter'), 'The [METER], a [meter].');
    assert.equal(marked('电表的灯不亮，电表坏了', '电表'), '[电表]的灯不亮，[电表]坏了');
  });

  it('takes signs as they are written', () => {
    assert.equal(marked('a.b a+b (x)', 'a+b'), 'a.b [a+b] (x)');
    assert.equal(marked('50% of <b>', '% of <'), '50[% of <]b>');
  });

  it('shows of a long text what is around the first hit', () => {
    const text = `${'a'.repeat(300)}needle${'b'.repeat(300)}`;
    assert.equal(marked(text, 'needle'), `…${'a'.repeat(80)}[needle]${'b'.repeat(160)}…`);
  });
});
