import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenBuckets } from '../../../src/server/rate-limits/token-buckets.ts';
import { ConnectionLimiter, type ConnectionLimits } from '../../../src/server/sockets/connection-limiter.ts';

function bench(limits: Partial<ConnectionLimits> = {}) {
  const clock = { now: 0 };
  const door = new ConnectionLimiter(
    { sockets: 100, socketsPerAddress: 50, ...limits },
    new TokenBuckets(() => clock.now),
  );
  const enter = (address = 'a', greeting = 0) => {
    const entry = door.enter(address, greeting);
    if (typeof entry === 'function') return entry;
    return assert.fail(`${entry.status} ${entry.retryAfter}`);
  };
  const refused = (address = 'a', greeting = 0) => {
    const entry = door.enter(address, greeting);
    return typeof entry === 'function' ? assert.fail('let in') : entry;
  };
  return { clock, door, enter, refused };
}

test('an address has a cap on its sockets, and a place that was given back is free again', () => {
  const { clock, enter, refused } = bench({ socketsPerAddress: 2 });
  const leave = enter();
  enter();
  clock.now += 3_600_000;
  assert.deepEqual(refused(), { status: '429 Too Many Requests', retryAfter: 10 });
  enter('b');
  leave();
  leave();
  clock.now += 3_600_000;
  enter();
  assert.equal(refused().status, '429 Too Many Requests');
});

test('an address that opens sockets and lets go of them is slowed down', () => {
  const { clock, enter, refused } = bench();
  for (let i = 0; i < 50; i += 1) enter()();
  assert.deepEqual(refused(), { status: '429 Too Many Requests', retryAfter: 1 });
  clock.now += 1_000;
  enter()();
  refused();
});

test('a node that is full, or has too many who have not said who they are, asks everybody to come back', () => {
  const { enter, refused } = bench({ sockets: 2 });
  const leave = enter('a');
  assert.deepEqual(refused('b', 2_000), { status: '503 Service Unavailable', retryAfter: 5 });
  enter('b', 1_999);
  assert.deepEqual(refused('c'), { status: '503 Service Unavailable', retryAfter: 10 });
  leave();
  enter('c');
});

test('a site has a cap of its own', () => {
  const { door } = bench();
  const leave = door.enterSite('shop', 2);
  assert.ok(leave && door.enterSite('shop', 2));
  assert.equal(door.enterSite('shop', 2), null);
  assert.ok(door.enterSite('other', 2));
  leave();
  assert.ok(door.enterSite('shop', 2));
});
