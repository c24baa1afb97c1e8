import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Loop } from '../../../src/server/sweeps/loop.ts';

const logger = { warn: () => {}, info: () => {} };

/** A loop whose runs end when the test says so, on a clock that the test moves. */
function startLoop(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const runs: { end(error?: Error): Promise<void> }[] = [];
  const work = () =>
    new Promise<void>((resolve, reject) => {
      runs.push({
        end: async (error) => {
          if (error) reject(error);
          else resolve();
          await new Promise((settled) => setImmediate(settled));
        },
      });
    });
  const loop = new Loop('working', 1_000, work, logger, { first: 100, last: 400 });
  loop.start();
  return { loop, runs, clock: t.mock.timers };
}

test('requests during a run share the next one, which begins after the coalescing delay', async (t) => {
  const { loop, runs, clock } = startLoop(t);
  loop.soon();
  await runs[0]?.end();
  loop.soon();
  clock.tick(4);
  assert.equal(runs.length, 1);
  clock.tick(1);
  assert.equal(runs.length, 2);
  await runs[1]?.end();
  // Nobody asked during this run: the next request is served at once.
  loop.soon();
  assert.equal(runs.length, 3);
  await runs[2]?.end();
  clock.tick(999);
  assert.equal(runs.length, 3);
  clock.tick(1);
  assert.equal(runs.length, 4);
});

test('after an error no request is served before the pause is over', async (t) => {
  const { loop, runs, clock } = startLoop(t);
  loop.soon();
  await runs[0]?.end(new Error('the database is away'));
  loop.soon();
  clock.tick(49);
  assert.equal(runs.length, 1);
  clock.tick(51);
  assert.equal(runs.length, 2);
  // The same if the request comes after the failed run.
  await runs[1]?.end(new Error('it is away still'));
  loop.soon();
  clock.tick(99);
  assert.equal(runs.length, 2);
  clock.tick(101);
  assert.equal(runs.length, 3);
});

test('a stopped loop does not run again, requested or not', async (t) => {
  const { loop, runs, clock } = startLoop(t);
  loop.soon();
  const stopped = loop.stop();
  await runs[0]?.end();
  await stopped;
  loop.soon();
  clock.tick(2_000);
  assert.equal(runs.length, 1);
});
