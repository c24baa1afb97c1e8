import { expect } from '@open-wc/testing';
import { splitLinks } from '../../../../src/elements/parts/texts/linked-text.ts';

const hrefs = (text: string) => splitLinks(text).flatMap(({ href }) => href ?? []);

describe('splitLinks', () => {
  it('loses nothing of the text', () => {
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

  it('finds addresses of the web and of mail', () => {
    expect(
      hrefs('see https://a.example/x?y=1#z and http://b.example or mailto:me@c.example'),
    ).to.deep.equal(['https://a.example/x?y=1#z', 'http://b.example/', 'mailto:me@c.example']);
  });

  it('leaves the punctuation of the sentence out, and keeps brackets that belong', () => {
    expect(hrefs('(https://a.example/b).')).to.deep.equal(['https://a.example/b']);
    expect(hrefs('https://a.example/(b)')).to.deep.equal(['https://a.example/(b)']);
    expect(hrefs('真的吗 https://a.example/b。好')).to.deep.equal(['https://a.example/b']);
  });

  it('links nothing that could run', () => {
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
