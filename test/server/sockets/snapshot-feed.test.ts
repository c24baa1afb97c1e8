import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { Connection, type ConnectionOwner } from '../../../src/server/sockets/connection.ts';
import { SnapshotFeed, type ReadViews } from '../../../src/server/sockets/snapshot-feed.ts';
import type { ViewReading } from '../../../src/server/views/view-reading.ts';
import { waitUntil } from '../../support/wait-until.ts';

const logger = pino({ level: 'silent' });
const reading: ViewReading = {
  rev: 1,
  now: 1,
  view: { role: 'visitor', site: { id: 'demo', name: 'Demo', media: 'peer' }, call: null },
  topics: new Set(),
  room: null,
  standing: 'current',
};

function newConnection(): Connection {
  const owner = {
    ended: () => {},
    count: () => {},
    allowanceOf: () => null,
  } as unknown as ConnectionOwner;
  const socket = {
    send: () => {},
    close: () => {},
    terminate: () => {},
    bufferedBytes: () => 0,
  };
  return new Connection(socket, { address: '192.0.2.1', origin: null, own: new Set() }, owner);
}

const all: ReadViews = async (connections) => new Map(connections.map((one) => [one, reading]));

test('what changes together is read together, and never two readings at a time', async () => {
  const batches: number[] = [];
  let running = 0;
  let shown = 0;
  const read: ReadViews = async (connections) => {
    assert.equal((running += 1), 1);
    batches.push(connections.length);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return all(connections);
  };
  const feed = new SnapshotFeed(read, () => (shown += 1), logger);
  const connections = Array.from({ length: 20 }, newConnection);
  for (const one of connections) feed.refresh(one);
  await waitUntil('the first are shown', () => shown === 20);
  for (const one of connections) feed.refreshSoon(one);
  for (const one of connections) feed.refreshSoon(one);
  await waitUntil('the second are shown', () => shown === 40);
  assert.deepEqual(batches, [20, 20]);
  feed.stop();
});

test('what concerns one alone does not wait until all who share a change have been read', async () => {
  const batches: (readonly Connection[])[] = [];
  let goOn = (): void => {};
  const read: ReadViews = async (connections) => {
    batches.push(connections);
    await new Promise<void>((resolve) => (goOn = resolve));
    return all(connections);
  };
  const shown = new Set<Connection>();
  const feed = new SnapshotFeed(read, (connection) => shown.add(connection), logger, 20);
  const team = Array.from({ length: 50 }, newConnection);
  const own = newConnection();
  for (const one of team) feed.refreshSoon(one);
  await waitUntil('the first of the team are read', () => batches.length === 1);
  feed.refresh(own);
  goOn();
  await waitUntil('the next are read', () => batches.length === 2);
  assert.equal(batches[1]![0], own);
  assert.ok(shown.size < team.length, `${shown.size} of the team were read before`);
  await waitUntil('everybody is shown', () => {
    goOn();
    return shown.size === 51;
  });
  feed.stop();
});

test('nobody is forgotten while the database is away', async () => {
  let failures = 2;
  const shown = new Set<Connection>();
  const read: ReadViews = (connections) => {
    if (failures-- > 0) return Promise.reject(new Error('the database is away'));
    return all(connections);
  };
  const feed = new SnapshotFeed(read, (connection) => shown.add(connection), logger);
  const [first, second] = [newConnection(), newConnection()];
  feed.refresh(first);
  feed.refreshSoon(second);
  await waitUntil('both are shown', () => shown.has(first) && shown.has(second));
  feed.stop();
});

test('who has ended is not shown any more', async () => {
  const shown: Connection[] = [];
  const feed = new SnapshotFeed(all, (connection) => shown.push(connection), logger);
  const [gone, here] = [newConnection(), newConnection()];
  feed.refresh(gone);
  feed.refresh(here);
  gone.handleEnd();
  await waitUntil('the other is shown', () => shown.includes(here));
  assert.deepEqual(shown, [here]);
  feed.stop();
});
