import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { Connection, type ConnectionOwner } from '../../../src/server/sockets/connection.ts';
import { SnapshotFeed, type ReadViews } from '../../../src/server/sockets/snapshot-feed.ts';
import type { Changed, ViewReading } from '../../../src/server/views/view-reading.ts';
import { waitUntil } from '../../support/wait-until.ts';

const logger = pino({ level: 'silent' });
const reading: ViewReading = {
  rev: 1,
  now: 1,
  view: { role: 'visitor', site: { id: 'demo', name: 'Demo', media: 'peer' }, call: null },
  topics: new Set(),
  room: null,
  lastWord: null,
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

const all: ReadViews = async (due) => new Map([...due.keys()].map((one) => [one, reading]));

/** A feed whose batches are noted: what of each view it is that may have changed. */
function noted() {
  const batches: Changed[][] = [];
  const read: ReadViews = (due) => {
    batches.push([...due.values()]);
    return all(due);
  };
  return { feed: new SnapshotFeed(read, () => {}, logger), batches };
}

test('what changes together is read together, and never two readings at a time', async () => {
  const batches: number[] = [];
  let running = 0;
  let shown = 0;
  const read: ReadViews = async (due) => {
    assert.equal((running += 1), 1);
    batches.push(due.size);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return all(due);
  };
  const feed = new SnapshotFeed(read, () => (shown += 1), logger);
  const connections = Array.from({ length: 20 }, newConnection);
  for (const one of connections) feed.refresh(one);
  await waitUntil('the first are shown', () => shown === 20);
  for (const one of connections) feed.refreshSoon(one, 'all');
  for (const one of connections) feed.refreshSoon(one, 'all');
  await waitUntil('the second are shown', () => shown === 40);
  assert.deepEqual(batches, [20, 20]);
  feed.stop();
});

test('who becomes due right after a batch goes with those who waited for it', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const batches: number[] = [];
  const ends: (() => void)[] = [];
  const read: ReadViews = async (due) => {
    batches.push(due.size);
    await new Promise<void>((resolve) => ends.push(resolve));
    return all(due);
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const feed = new SnapshotFeed(read, () => {}, logger);
  feed.refresh(newConnection());
  await settle();
  await settle();
  feed.refresh(newConnection());
  ends[0]?.();
  await settle();
  feed.refresh(newConnection());
  assert.deepEqual(batches, [1]);
  t.mock.timers.tick(5);
  await settle();
  assert.deepEqual(batches, [1, 2]);
  ends[1]?.();
  await settle();
  // Nobody waits, and nobody is waited for.
  feed.refresh(newConnection());
  await settle();
  await settle();
  assert.deepEqual(batches, [1, 2, 1]);
  feed.stop();
});

test('what concerns one alone does not wait until all who share a change have been read', async () => {
  const batches: (readonly Connection[])[] = [];
  let goOn = (): void => {};
  const read: ReadViews = async (due) => {
    batches.push([...due.keys()]);
    await new Promise<void>((resolve) => (goOn = resolve));
    return all(due);
  };
  const shown = new Set<Connection>();
  const feed = new SnapshotFeed(read, (connection) => shown.add(connection), logger, 20);
  const team = Array.from({ length: 50 }, newConnection);
  const own = newConnection();
  for (const one of team) feed.refreshSoon(one, 'all');
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

test('all who see a line are read at once where it moves, whole views a few at a time', async () => {
  const batches: ReadonlyMap<Connection, Changed>[] = [];
  const feed = new SnapshotFeed(
    (due) => {
      batches.push(due);
      return all(due);
    },
    () => {},
    logger,
    20,
  );
  const team = Array.from({ length: 50 }, newConnection);
  for (const one of team) feed.refreshSoon(one, 'line');
  await waitUntil('the line is read', () => batches.length === 1);
  assert.deepEqual([...batches[0]!.values()], Array(50).fill('line'));
  for (const one of team) feed.refreshSoon(one, 'all');
  await waitUntil('the whole is read', () => batches.length === 4);
  assert.deepEqual(
    batches.slice(1).map(({ size }) => size),
    [20, 20, 10],
  );
  feed.stop();
});

test('who has a change of their own is not made to wait for the line, nor is the line read for them alone', async () => {
  const { feed, batches } = noted();
  const [one, other] = [newConnection(), newConnection()];
  feed.refreshSoon(one, 'line');
  feed.refreshSoon(other, 'line');
  feed.refresh(one);
  await waitUntil('all is read', () => batches.length === 2);
  assert.deepEqual(batches, [['own'], ['line', 'line']]);
  feed.stop();
});

test('what changes while a snapshot is on its way is read once it has left, and nothing else', async () => {
  const connection = newConnection();
  const free = connection.snapshots.isReady.bind(connection.snapshots);
  let letGo = (): void => {};
  connection.snapshots.isReady = (again) => {
    letGo = again;
    return false;
  };
  const { feed, batches } = noted();
  feed.refresh(connection);
  feed.refresh(newConnection());
  await waitUntil('the other is read', () => batches.length === 1);
  connection.snapshots.isReady = free;
  letGo();
  await waitUntil('it is read', () => batches.length === 2);
  assert.deepEqual(batches, [['own'], ['own']]);
  feed.stop();
});

test('what was told while a view was read is known when it is shown, and not what was told before', async () => {
  const known: boolean[] = [];
  const feed: SnapshotFeed = new SnapshotFeed(
    (due) => {
      if (known.length === 0) feed.hear(new Set(['call:a']));
      return all(due);
    },
    () => known.push(feed.heard('call:a')),
    logger,
  );
  feed.refresh(newConnection());
  await waitUntil('the first is shown', () => known.length === 1);
  feed.refresh(newConnection());
  await waitUntil('the second is shown', () => known.length === 2);
  assert.deepEqual(known, [true, false]);
  feed.stop();
});

test('nobody is forgotten while the database is away', async () => {
  let failures = 2;
  const shown = new Set<Connection>();
  const read: ReadViews = (due) => {
    if (failures-- > 0) return Promise.reject(new Error('the database is away'));
    return all(due);
  };
  const feed = new SnapshotFeed(read, (connection) => shown.add(connection), logger);
  const [first, second] = [newConnection(), newConnection()];
  feed.refresh(first);
  feed.refreshSoon(second, 'all');
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
