import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressKey } from '../../../src/server/rate-limits/address-key.ts';

test('an IPv4 address has one key, however it is written', () => {
  assert.equal(addressKey('192.0.2.7'), '192.0.2.7');
  assert.equal(addressKey('::ffff:192.0.2.7'), '192.0.2.7');
  assert.equal(addressKey('::FFFF:192.0.2.7'), '192.0.2.7');
});

test('all addresses of an IPv6 /64 have one key', () => {
  const one = '2001:db8:1:2::/64';
  for (const address of [
    '2001:db8:1:2::',
    '2001:db8:1:2::1',
    '2001:DB8:1:2:ffff:ffff:ffff:ffff',
    '2001:0db8:0001:0002:0000:0000:0000:0009',
    '2001:db8:1:2:0:5efe:192.0.2.7',
    '2001:db8:1:2::1%eth0',
  ]) {
    assert.equal(addressKey(address), one, address);
  }
  assert.notEqual(addressKey('2001:db8:1:3::1'), one);
  assert.equal(addressKey('::1'), '0:0:0:0::/64');
  assert.equal(addressKey('2001:db8::5'), '2001:db8:0:0::/64');
  assert.equal(addressKey('2001:db8:0:0:1::5'), '2001:db8:0:0::/64');
});

test('anything else is its own key', () => {
  assert.equal(addressKey(''), '');
  assert.equal(addressKey('unknown'), 'unknown');
});
