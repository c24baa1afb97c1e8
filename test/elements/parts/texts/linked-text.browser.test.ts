import { expect } from '@open-wc/testing';
import { render } from 'lit';
import { linkedText, splitLinks } from '../../../../src/elements/parts/texts/linked-text.ts';

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

  it('links no address that could run code, or that names another host first', () => {
    for (const text of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)//https:',
      'data:text/html,<script>1</script>',
      'vbscript:x',
      'https://',
      'mailto:nobody',
      'https://bank.example@evil.example',
      'https://bank.example:443@evil.example/login',
      'https://bank.example%2F@evil.example',
    ]) {
      expect(hrefs(text), text).to.deep.equal([]);
    }
  });

  // The time of the former way grew with the square: half a second for 3,900 brackets, half an hour for these.
  it('needs a time that grows with the length of the text only', () => {
    for (const end of [')', ']', '.', '([)]', '…']) {
      expect(hrefs(`https://a.example/${end.repeat(250_000)}`)).to.have.length(1);
    }
    expect(hrefs('https://a.example '.repeat(20_000))).to.have.length(20_000);
  });

  it('ends an address where markup begins', () => {
    expect(hrefs('https://a.example/"><img src=x onerror=alert(1)>')).to.deep.equal([
      'https://a.example/',
    ]);
  });
});

describe('linkedText', () => {
  it('splits a text once, however often it is rendered', () => {
    const place = document.createElement('p');
    const { matchAll } = String.prototype;
    const split: string[] = [];
    String.prototype.matchAll = function (pattern: RegExp) {
      split.push(String(this));
      return matchAll.call(this, pattern);
    };
    try {
      for (const text of [
        'see https://a.example',
        'see https://a.example',
        'see https://b.example',
      ]) {
        render(linkedText(text), place);
        expect(place.querySelector('a')?.textContent).to.equal(text.slice(4));
      }
    } finally {
      String.prototype.matchAll = matchAll;
    }
    expect(split).to.deep.equal(['see https://a.example', 'see https://b.example']);
  });
});
