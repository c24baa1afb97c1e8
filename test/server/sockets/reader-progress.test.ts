import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReaderProgress } from '../../../src/server/sockets/reader-progress.ts';

test('a reader is stuck when it has taken nothing of what waits for 30 s', () => {
  const progress = new ReaderProgress(0);
  progress.sent(1_000);
  assert.equal(progress.isStuck(1_004, 5_000), false);
  assert.equal(progress.isStuck(1_004, 30_000), false);
  assert.equal(progress.isStuck(1_004, 30_001), true);
});

test('a reader that takes a little now and then is slow, and not stuck', () => {
  const progress = new ReaderProgress(0);
  progress.sent(100_000);
  let buffered = 100_004;
  for (let now = 0; now <= 300_000; now += 25_000) {
    assert.equal(progress.isStuck((buffered -= 100), now), false);
  }
});

test('only reading is progress of the reader, not what is sent to it', () => {
  const progress = new ReaderProgress(0);
  progress.sent(10);
  assert.equal(progress.isStuck(0, 20_000), false);
  assert.equal(progress.isStuck(0, 90_000), false, 'nothing waits');
  let buffered = 0;
  for (let now = 95_000; now <= 120_000; now += 5_000) {
    progress.sent(10);
    assert.equal(progress.isStuck((buffered += 14), now), false);
  }
  progress.sent(10);
  assert.equal(progress.isStuck(buffered + 14, 120_001), true);
});
