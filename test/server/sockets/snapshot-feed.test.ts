import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { Connection, type ConnectionOwner } from '../../../src/server/sockets/connection.ts';
import { SnapshotFeed, type ReadViews } from '../../../src/server/sockets/snapshot-feed.ts';
import type { ViewChange, ViewReading } from '../../../src/server/views/view-reading.ts';
import { SocketMetrics } from '../../../src/server/sockets/socket-metrics.ts';
import { waitUntil } from '../../support/wait-until.ts';

const logger = pino({ level: 'silent' });
const reading: ViewReading = {
  rev: 1,
  now: 1,
  view: { role: 'visitor', site: { id: 'demo', name: 'Demo', media: 'mesh' }, call: null },
  topics: new Set(),
  rooms: [],
  connectionStatus: 'current',
};

function newConnection(): Connection {
  const owner = {
    ended: () => {},
    metrics: new SocketMetrics(new Registry(), () => assert.fail('nothing reads the sockets')),
    rateLimitOf: () => null,
  } as unknown as ConnectionOwner;
  const socket = {
    send: () => {},
    close: () => {},
    terminate: () => {},
    bufferedBytes: () => 0,
  };
  return new Connection(
    socket,
    { address: '192.0.2.1', origin: null, cookie: undefined, own: new Set() },
    owner,
  );
}

const all: ReadViews = async (due) => new Map([...due.keys()].map((one) => [one, reading]));

/** Lets everything run that waits for nothing else. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A reading that ends when the test says so, and the connections of each batch. */
function heldReading() {
  const batches: (readonly Connection[])[] = [];
  const ends: (() => void)[] = [];
  const read: ReadViews = async (due) => {
    batches.push([...due.keys()]);
    await new Promise<void>((resolve) => ends.push(resolve));
    return all(due);
  };
  return { batches, ends, read };
}

/** A feed that records its batches: what may have changed in each view. */
function recorded() {
  const batches: ViewChange[][] = [];
  const read: ReadViews = (due) => {
    batches.push([...due.values()]);
    return all(due);
  };
  return { feed: new SnapshotFeed(read, () => {}, logger), batches };
}

test('changes that come together are read by one batch, and two batches never overlap', async () => {
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
  const feed = new SnapshotFeed(read, () => void (shown += 1), logger);
  const connections = Array.from({ length: 20 }, newConnection);
  for (const one of connections) feed.refresh(one);
  await waitUntil('the first batch is shown', () => shown === 20);
  for (const one of connections) feed.refreshShared(one, 'both');
  for (const one of connections) feed.refreshShared(one, 'both');
  await waitUntil('the second batch is shown', () => shown === 40);
  assert.deepEqual(batches, [20, 20]);
  feed.stop();
});

test('a change right after a batch shares the next batch with those that waited', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { batches, ends, read } = heldReading();
  const sizes = () => batches.map(({ length }) => length);
  const feed = new SnapshotFeed(read, () => {}, logger);
  feed.refresh(newConnection());
  await settle();
  await settle();
  feed.refresh(newConnection());
  ends[0]?.();
  await settle();
  feed.refresh(newConnection());
  assert.deepEqual(sizes(), [1]);
  t.mock.timers.tick(5);
  await settle();
  assert.deepEqual(sizes(), [1, 2]);
  ends[1]?.();
  await settle();
  // Nobody waits: the next change is read at once.
  feed.refresh(newConnection());
  await settle();
  await settle();
  assert.deepEqual(sizes(), [1, 2, 1]);
  feed.stop();
});

test('a view that changed on its own does not wait for all views of a shared change', async () => {
  const batches: (readonly Connection[])[] = [];
  let finish = (): void => {};
  const read: ReadViews = async (due) => {
    batches.push([...due.keys()]);
    await new Promise<void>((resolve) => (finish = resolve));
    return all(due);
  };
  const shown = new Set<Connection>();
  const feed = new SnapshotFeed(read, (connection) => void shown.add(connection), logger, 20);
  const team = Array.from({ length: 50 }, newConnection);
  const own = newConnection();
  for (const one of team) feed.refreshShared(one, 'both');
  await waitUntil('the first batch of the team is read', () => batches.length === 1);
  feed.refresh(own);
  finish();
  await waitUntil('the next batch is read', () => batches.length === 2);
  assert.equal(batches[1]![0], own);
  assert.ok(shown.size < team.length, `${shown.size} of the team were read before`);
  await waitUntil('everybody is shown', () => {
    finish();
    return shown.size === 51;
  });
  feed.stop();
});

test('a queue that moves is read for all who see it at once, whole views in small batches', async () => {
  const batches: ReadonlyMap<Connection, ViewChange>[] = [];
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
  for (const one of team) feed.refreshShared(one, 'queue');
  await waitUntil('the queue is read', () => batches.length === 1);
  assert.deepEqual([...batches[0]!.values()], Array(50).fill('queue'));
  for (const one of team) feed.refreshShared(one, 'both');
  await waitUntil('the whole views are read', () => batches.length === 4);
  assert.deepEqual(
    batches.slice(1).map(({ size }) => size),
    [20, 20, 10],
  );
  feed.stop();
});

test('a change of one view neither waits for the queue, nor is the queue read for it alone', async () => {
  const { feed, batches } = recorded();
  const [one, other] = [newConnection(), newConnection()];
  feed.refreshShared(one, 'queue');
  feed.refreshShared(other, 'queue');
  feed.refresh(one);
  await waitUntil('both batches are read', () => batches.length === 2);
  assert.deepEqual(batches, [['own'], ['queue', 'queue']]);
  feed.stop();
});

test('a change while a snapshot is being sent is read when the snapshot has left', async () => {
  const connection = newConnection();
  const isReady = connection.snapshots.isReady.bind(connection.snapshots);
  let sent = (): void => {};
  connection.snapshots.isReady = (onSent) => {
    sent = onSent;
    return false;
  };
  const { feed, batches } = recorded();
  feed.refresh(connection);
  feed.refresh(newConnection());
  await waitUntil('the other is read', () => batches.length === 1);
  connection.snapshots.isReady = isReady;
  sent();
  await waitUntil('it is read', () => batches.length === 2);
  assert.deepEqual(batches, [['own'], ['own']]);
  feed.stop();
});

test('a notice that came while a view was read is known when the view is shown, and not afterwards', async () => {
  const known: boolean[] = [];
  const feed: SnapshotFeed = new SnapshotFeed(
    (due) => {
      if (known.length === 0) feed.hear(new Set(['call:a']));
      return all(due);
    },
    () => void known.push(feed.heard('call:a')),
    logger,
  );
  feed.refresh(newConnection());
  await waitUntil('the first is shown', () => known.length === 1);
  feed.refresh(newConnection());
  await waitUntil('the second is shown', () => known.length === 2);
  assert.deepEqual(known, [true, false]);
  feed.stop();
});

test('every view is read after the database was away', async () => {
  let failures = 2;
  const shown = new Set<Connection>();
  const read: ReadViews = (due) => {
    if (failures-- > 0) return Promise.reject(new Error('the database is away'));
    return all(due);
  };
  const feed = new SnapshotFeed(read, (connection) => void shown.add(connection), logger);
  const [first, second] = [newConnection(), newConnection()];
  feed.refresh(first);
  feed.refreshShared(second, 'both');
  await waitUntil('both are shown', () => shown.has(first) && shown.has(second));
  feed.stop();
});

test('nothing is shown to a connection that has ended', async () => {
  const shown: Connection[] = [];
  const feed = new SnapshotFeed(all, (connection) => void shown.push(connection), logger);
  const [gone, here] = [newConnection(), newConnection()];
  feed.refresh(gone);
  feed.refresh(here);
  gone.handleEnd();
  await waitUntil('the other is shown', () => shown.includes(here));
  assert.deepEqual(shown, [here]);
  feed.stop();
});

test('the view of who sent a command is read without the coalescing delay, and then its result goes out', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { batches, ends, read } = heldReading();
  const shown: Connection[] = [];
  const feed = new SnapshotFeed(read, (connection) => void shown.push(connection), logger);
  const [first, other, sender] = [newConnection(), newConnection(), newConnection()];
  feed.refresh(first);
  await settle();
  await settle();
  feed.refresh(other);
  let answered = false;
  void feed.refreshFirst(sender).then(() => (answered = true));
  ends[0]?.();
  await settle();
  assert.deepEqual(batches, [[first], [other, sender]]);
  assert.equal(answered, false);
  ends[1]?.();
  await settle();
  assert.deepEqual(shown, [first, other, sender]);
  assert.equal(answered, true);
  feed.stop();
});

test('a command during the pause between two batches ends the pause', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { ends, read } = heldReading();
  const feed = new SnapshotFeed(read, () => {}, logger);
  feed.refresh(newConnection());
  await settle();
  await settle();
  feed.refresh(newConnection());
  ends[0]?.();
  await settle();
  assert.equal(ends.length, 1);
  const shown = feed.refreshFirst(newConnection());
  await settle();
  ends[1]?.();
  await shown;
  feed.stop();
});

test('a command that comes while its view is read waits for the next reading', async () => {
  const { ends, read } = heldReading();
  const feed = new SnapshotFeed(read, () => {}, logger);
  const connection = newConnection();
  feed.refresh(connection);
  await waitUntil('the first reading', () => ends.length === 1);
  let answered = false;
  void feed.refreshFirst(connection).then(() => (answered = true));
  ends[0]?.();
  await waitUntil('the second reading', () => ends.length === 2);
  assert.equal(answered, false);
  ends[1]?.();
  await waitUntil('the answer', () => answered);
  feed.stop();
});

test('commands do not starve the views of others', async () => {
  const [sender, other] = [newConnection(), newConnection()];
  const shown = new Set<Connection>();
  const busy = new SnapshotFeed(all, (connection) => void shown.add(connection), logger);
  busy.refresh(newConnection());
  busy.refresh(other);
  for (let i = 0; i < 3; i += 1) await busy.refreshFirst(sender);
  assert.ok(shown.has(other));
  busy.stop();
});

for (const [what, end] of [
  ['the database is away', () => {}],
  ['the connection ends', (feed: SnapshotFeed, connection: Connection) => feed.forget(connection)],
  ['the feed stops', (feed: SnapshotFeed) => feed.stop()],
] as const) {
  test(`a result does not wait for the view where ${what}`, async () => {
    const read: ReadViews = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error('the database is away');
    };
    const feed = new SnapshotFeed(read, () => assert.fail('nothing can be shown'), logger);
    const connection = newConnection();
    const answered = feed.refreshFirst(connection);
    end(feed, connection);
    await answered;
    await feed.refreshFirst(connection);
    feed.stop();
  });
}

test('a result waits for what is delivered before the view', async () => {
  let deliver = (): void => {};
  const delivered = new Promise<void>((resolve) => (deliver = resolve));
  const feed = new SnapshotFeed(all, () => delivered, logger);
  let answered = false;
  const answer = feed.refreshFirst(newConnection()).then(() => (answered = true));
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(answered, false);
  deliver();
  await answer;
  feed.stop();
});
