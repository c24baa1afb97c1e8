import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import fastify from 'fastify';
import {
  TrustedProxies,
  type ProxyTrust,
} from '../../../src/server/rate-limits/trusted-proxies.ts';

const request = (from: string, forwarded?: string) =>
  ({
    socket: { remoteAddress: from },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  }) as unknown as IncomingMessage;

/** trust, connected address, X-Forwarded-For, client address */
const cases: [ProxyTrust, string, string | undefined, string][] = [
  [false, '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  [false, '127.0.0.1', '198.51.100.1', '127.0.0.1'],
  [1, '127.0.0.1', '198.51.100.1', '198.51.100.1'],
  [1, '127.0.0.1', undefined, '127.0.0.1'],
  // What the client itself wrote stands before what the proxy added.
  [1, '127.0.0.1', '10.9.9.9, 198.51.100.1', '198.51.100.1'],
  [2, '127.0.0.1', '10.9.9.9, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
  [['loopback'], '::1', '198.51.100.1', '198.51.100.1'],
  [['loopback'], '::ffff:127.0.0.1', '198.51.100.1', '198.51.100.1'],
  [['loopback'], '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  [['10.0.0.0/8', 'loopback'], '127.0.0.1', '6.6.6.6, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
  [['uniquelocal'], 'fd00::1', '2001:db8::7', '2001:db8::7'],
  [['2001:db8::/32'], '2001:db8::1', '198.51.100.1', '198.51.100.1'],
  [['192.0.2.1'], '192.0.2.2', '198.51.100.1', '192.0.2.2'],
];

test('X-Forwarded-For counts as far as trusted proxies wrote it', () => {
  for (const [trust, from, forwarded, client] of cases) {
    const proxies = new TrustedProxies(trust);
    const what = JSON.stringify([trust, from, forwarded]);
    assert.equal(proxies.clientAddress(request(from, forwarded)), client, what);
  }
});

test('an entry that is no address does not count, and only 32 entries are read', () => {
  const proxies = new TrustedProxies(['loopback', 'uniquelocal']);
  for (const nonsense of ['', ',,,', 'unknown', '127.0.0.1:80', '_hidden', '[::1]', "' or 1=1"]) {
    assert.equal(proxies.clientAddress(request('127.0.0.1', nonsense)), '127.0.0.1', nonsense);
  }
  const chain = Array.from({ length: 5_000 }, () => '10.0.0.1').join(',');
  assert.equal(proxies.clientAddress(request('127.0.0.1', `198.51.100.1,${chain}`)), '10.0.0.1');
});

test('HTTP sees the same address as the sockets', async () => {
  for (const [trust, from, forwarded, client] of cases) {
    const app = fastify({ trustProxy: new TrustedProxies(trust).trusts });
    app.get('/', ({ ip }) => ip);
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    const { body } = await app.inject({ url: '/', remoteAddress: from, headers });
    assert.equal(body, client, JSON.stringify([trust, from, forwarded]));
    await app.close();
  }
});

test('a request that an unknown proxy forwarded is recognized', () => {
  assert.equal(new TrustedProxies(false).cameThroughUnknownProxy(request('127.0.0.1')), false);
  assert.equal(
    new TrustedProxies(false).cameThroughUnknownProxy(request('127.0.0.1', '::2')),
    true,
  );
  const named = new TrustedProxies(['loopback']);
  assert.equal(named.cameThroughUnknownProxy(request('127.0.0.1', '198.51.100.1')), false);
  assert.equal(named.cameThroughUnknownProxy(request('203.0.113.9', '198.51.100.1')), true);
});
