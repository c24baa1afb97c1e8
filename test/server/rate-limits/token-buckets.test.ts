import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenBuckets } from '../../../src/server/rate-limits/token-buckets.ts';

const rate = { burst: 3, perSecond: 0.5 };

function makeBuckets() {
  const clock = { now: 0 };
  return { clock, buckets: new TokenBuckets(() => clock.now) };
}

test('a bucket gives its burst at once, then the seconds until the next token', () => {
  const { clock, buckets } = makeBuckets();
  assert.deepEqual(
    [1, 2, 3, 4, 5].map(() => buckets.take('a', rate)),
    [0, 0, 0, 2, 2],
  );
  clock.now = 1_500;
  assert.equal(buckets.take('a', rate), 1);
  clock.now = 2_000;
  assert.equal(buckets.take('a', rate), 0);
  assert.equal(buckets.take('a', rate), 2);
});

test('each key has its own bucket, and no bucket grows beyond its burst', () => {
  const { clock, buckets } = makeBuckets();
  for (let i = 0; i < 3; i += 1) buckets.take('a', rate);
  assert.equal(buckets.take('b', rate), 0);
  clock.now = 3_600_000;
  assert.deepEqual(
    [1, 2, 3, 4].map(() => buckets.take('a', rate)),
    [0, 0, 0, 2],
  );
});

test('full buckets are deleted, the others are kept', () => {
  const { clock, buckets } = makeBuckets();
  for (let i = 0; i < 1_000; i += 1) buckets.take(`visitor ${i}`, rate);
  clock.now = 29_000;
  for (let i = 0; i < 3; i += 1) buckets.take('busy', rate);
  assert.equal(buckets.size, 1_001);
  clock.now = 30_000;
  assert.equal(buckets.take('busy', rate), 1);
  assert.equal(buckets.size, 1);
});

test('beyond 200,000 buckets the oldest are deleted, and new keys still have their limit', () => {
  const { clock, buckets } = makeBuckets();
  for (let i = 0; i < 250_000; i += 1) {
    buckets.take(`address ${i}`, rate);
    assert.ok(buckets.size <= 200_000);
  }
  clock.now = 1_000;
  assert.ok(buckets.size >= 180_000);
  assert.deepEqual(
    [1, 2, 3, 4].map(() => buckets.take('new', rate)),
    [0, 0, 0, 2],
  );
});
