import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { Departures } from '../../../src/server/sockets/connection-cleanup.ts';

const logger = pino({ level: 'silent' });

test('an ended connection is written down however often the database fails first', async () => {
  const tries: string[] = [];
  const departures = new Departures(async (connection) => {
    tries.push(connection);
    if (tries.length < 3) throw new Error('the database is away');
  }, logger);
  departures.add('a');
  await departures.settle(10_000);
  assert.deepEqual(tries, ['a', 'a', 'a']);
});

test('settling waits for all, eight at a time, and not for ever', async () => {
  let running = 0;
  let most = 0;
  const left = new Set<string>();
  const departures = new Departures(async (connection) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    left.add(connection);
    running -= 1;
  }, logger);
  for (let i = 0; i < 50; i += 1) departures.add(`c${i}`);
  await departures.settle(10_000);
  assert.equal(left.size, 50);
  assert.equal(most, 8);
  const stuck = new Departures(() => new Promise(() => {}), logger);
  stuck.add('a');
  await stuck.settle(1);
});
