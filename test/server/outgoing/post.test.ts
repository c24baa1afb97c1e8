import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPublicAddress, lookupPublic } from '../../../src/server/outgoing/public-address.ts';
import { post } from '../../../src/server/outgoing/post.ts';

const request = (url: string) => ({
  url,
  body: '{}',
  headers: {},
  signal: AbortSignal.timeout(10_000),
  maxAnswerBytes: 100,
});

test('an address of this machine or of a private network is not public', () => {
  const internal = [
    '127.0.0.1',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '255.255.255.255',
    '224.0.0.1',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    'no address',
  ];
  assert.deepEqual(internal.filter(isPublicAddress), []);
  assert.deepEqual(['8.8.8.8', '2606:4700::1111'].map(isPublicAddress), [true, true]);
});

test('a request to a private address is refused, also where a name leads to it', async () => {
  for (const url of ['https://127.0.0.1/', 'https://[::1]/', 'https://[::ffff:10.0.0.1]/']) {
    await assert.rejects(post(request(url)), /not a public address/);
  }
  await assert.rejects(post(request('https://localhost/')), /not a public address/);
  await new Promise<void>((resolve) =>
    lookupPublic('localhost', {}, (error) => {
      assert.match(error?.message ?? '', /not a public address/);
      resolve();
    }),
  );
});
