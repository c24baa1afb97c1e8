import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenBuckets } from '../../../src/server/rate-limits/token-buckets.ts';
import {
  ConnectionLimiter,
  type ConnectionLimits,
} from '../../../src/server/sockets/connection-limiter.ts';

function bench(limits: Partial<ConnectionLimits> = {}) {
  const clock = { now: 0 };
  const limiter = new ConnectionLimiter(
    { sockets: 100, socketsPerAddress: 50, ...limits },
    new TokenBuckets(() => clock.now),
  );
  const enter = (address = 'a', handshakes = 0) => {
    const entry = limiter.enter(address, handshakes);
    if (typeof entry === 'function') return entry;
    return assert.fail(`${entry.status} ${entry.retryAfterSeconds}`);
  };
  const refused = (address = 'a', handshakes = 0) => {
    const entry = limiter.enter(address, handshakes);
    return typeof entry === 'function' ? assert.fail('let in') : entry;
  };
  return { clock, limiter, enter, refused };
}

test('an address may have so many sockets, and a socket that ended counts no more', () => {
  const { clock, enter, refused } = bench({ socketsPerAddress: 2 });
  const leave = enter();
  enter();
  clock.now += 3_600_000;
  assert.deepEqual(refused(), { status: '429 Too Many Requests', retryAfterSeconds: 10 });
  enter('b');
  leave();
  leave();
  clock.now += 3_600_000;
  enter();
  assert.equal(refused().status, '429 Too Many Requests');
});

test('an address that opens and ends sockets again and again is slowed down', () => {
  const { clock, enter, refused } = bench();
  for (let i = 0; i < 50; i += 1) enter()();
  assert.deepEqual(refused(), { status: '429 Too Many Requests', retryAfterSeconds: 1 });
  clock.now += 1_000;
  enter()();
  refused();
});

test('a node that is full, or has too many sockets without a hello, asks to come back', () => {
  const { enter, refused } = bench({ sockets: 2 });
  const leave = enter('a');
  assert.deepEqual(refused('b', 2_000), {
    status: '503 Service Unavailable',
    retryAfterSeconds: 5,
  });
  enter('b', 1_999);
  assert.deepEqual(refused('c'), { status: '503 Service Unavailable', retryAfterSeconds: 10 });
  leave();
  enter('c');
});

test('a site has a limit of its own', () => {
  const { limiter } = bench();
  const leave = limiter.enterSite('shop', 2);
  assert.ok(leave && limiter.enterSite('shop', 2));
  assert.equal(limiter.enterSite('shop', 2), null);
  assert.ok(limiter.enterSite('other', 2));
  leave();
  assert.ok(limiter.enterSite('shop', 2));
});
