import { expect } from '@open-wc/testing';
import { splitLinks } from '../../../../src/elements/parts/texts/linked-text.ts';

const hrefs = (text: string) => splitLinks(text).flatMap(({ href }) => href ?? []);

describe('splitLinks', () => {
  it('keeps the whole text', () => {
    for (const text of [
      '',
      'plain',
      'a https://a.example/x, b',
      'http://',
      'mailto:x',
      '((https://a.b))',
    ]) {
      expect(
        splitLinks(text)
          .map((part) => part.text)
          .join(''),
      ).to.equal(text);
    }
  });

  it('finds web and mail addresses', () => {
    expect(
      hrefs('see https://a.example/x?y=1#z and http://b.example or mailto:me@c.example'),
    ).to.deep.equal(['https://a.example/x?y=1#z', 'http://b.example/', 'mailto:me@c.example']);
  });

  it('leaves out the sentence’s punctuation, and keeps brackets of the address', () => {
    expect(hrefs('(https://a.example/b).')).to.deep.equal(['https://a.example/b']);
    expect(hrefs('https://a.example/(b)')).to.deep.equal(['https://a.example/(b)']);
    expect(hrefs('真的吗 https://a.example/b。好')).to.deep.equal(['https://a.example/b']);
  });

  it('links no address that could run code', () => {
    for (const text of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)//https:',
      'data:text/html,<script>1</script>',
      'vbscript:x',
      'https://',
      'mailto:nobody',
    ]) {
      expect(hrefs(text), text).to.deep.equal([]);
    }
  });

  it('ends an address where markup begins', () => {
    expect(hrefs('https://a.example/"><img src=x onerror=alert(1)>')).to.deep.equal([
      'https://a.example/',
    ]);
  });
});
