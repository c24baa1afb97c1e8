import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAllowedOrigin, ownOrigins } from '../../../src/server/sockets/allowed-origin.ts';

const own = ownOrigins(undefined, 'localhost:8080');
const listed = ['https://shop.example.com'];

test('the site’s pages and the server’s own pages are allowed, and no others', () => {
  for (const origin of [
    'https://shop.example.com',
    'http://localhost:8080',
    'https://localhost:8080',
  ]) {
    assert.equal(isAllowedOrigin({ origin, own }, listed), true, origin);
  }
  for (const origin of [
    'https://shop.example.com.evil.net',
    'http://shop.example.com',
    'https://shop.example.com:444',
    'http://localhost:8081',
    'null',
    '',
  ]) {
    assert.equal(isAllowedOrigin({ origin, own }, listed), false, origin);
  }
});

test('a client without an Origin is allowed', () => {
  assert.equal(isAllowedOrigin({ origin: null, own }, []), true);
});

test('the Host header is not believed where the public origin is known', () => {
  assert.deepEqual(
    [...ownOrigins('https://desk.example.com/', 'evil.example')],
    ['https://desk.example.com'],
  );
});

test('an invalid Host header adds no origin', () => {
  assert.deepEqual([...ownOrigins(undefined, 'a b')], []);
  assert.deepEqual([...ownOrigins(undefined, undefined)], []);
});
