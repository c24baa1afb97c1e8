import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { ConnectionCleanup } from '../../../src/server/sockets/connection-cleanup.ts';

const logger = pino({ level: 'silent' });

test('the row of an ended connection is removed after the database has failed', async () => {
  const tries: string[] = [];
  const cleanup = new ConnectionCleanup(async (connection) => {
    tries.push(connection);
    if (tries.length < 3) throw new Error('the database is away');
  }, logger);
  cleanup.add('a');
  await cleanup.settle(10_000);
  assert.deepEqual(tries, ['a', 'a', 'a']);
});

test('settling waits for all rows, eight at a time, and not for ever', async () => {
  let running = 0;
  let most = 0;
  const left = new Set<string>();
  const cleanup = new ConnectionCleanup(async (connection) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    left.add(connection);
    running -= 1;
  }, logger);
  for (let i = 0; i < 50; i += 1) cleanup.add(`c${i}`);
  await cleanup.settle(10_000);
  assert.equal(left.size, 50);
  assert.equal(most, 8);
  const stuck = new ConnectionCleanup(() => new Promise(() => {}), logger);
  stuck.add('a');
  await stuck.settle(1);
});
