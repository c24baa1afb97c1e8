import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_PAGE_BYTES, pageAddress } from '../../../src/server/calls/page-address.ts';

test('a page is known by its address without query and fragment', () => {
  assert.equal(
    pageAddress('https://shop.example.com/help?token=secret#top'),
    'https://shop.example.com/help',
  );
  assert.equal(pageAddress('http://user:pass@localhost:8080'), 'http://localhost:8080/');
});

test('an address that is too long after it was encoded loses its last path segments', () => {
  const start = 'https://shop.example.com/';
  assert.equal(pageAddress(`${start}a/${'文'.repeat(400)}`), `${start}a/`);
  const long = pageAddress(`${start}${'\u{1f6d2}/'.repeat(400)}`) ?? '';
  assert.ok(long.length <= MAX_PAGE_BYTES && long.length > MAX_PAGE_BYTES - 13);
  assert.ok(long.startsWith(start) && long.endsWith('/') && URL.canParse(long));
  assert.doesNotThrow(() => decodeURIComponent(long), 'no character is cut in half');
  const whole = start + 'x'.repeat(MAX_PAGE_BYTES - start.length);
  assert.equal(pageAddress(whole), whole);
  assert.equal(pageAddress(`${whole}x`), start);
  assert.equal(pageAddress(`https://shop.example.com/?${'x'.repeat(60_000)}`), start);
});

test('what is no web address is left out', () => {
  const wrong = [undefined, '', 'x', 'javascript:alert(1)', 'data:text/html,x', '/help'];
  for (const page of [...wrong, `https://${'a.'.repeat(400)}example/`]) {
    assert.equal(pageAddress(page), null, page?.slice(0, 40));
  }
});
