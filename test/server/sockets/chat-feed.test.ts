import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { ChatMessage, ReadMark } from '../../../src/protocol/views.ts';
import type { ServerMessage } from '../../../src/protocol/server-messages.ts';
import { ChatFeed } from '../../../src/server/sockets/chat-feed.ts';
import { Connection, type ConnectionOwner } from '../../../src/server/sockets/connection.ts';
import { ReadMarkFeed } from '../../../src/server/sockets/read-mark-feed.ts';
import { RoomPresence } from '../../../src/server/sockets/room-presence.ts';
import { SocketMetrics } from '../../../src/server/sockets/socket-metrics.ts';
import { waitUntil } from '../../support/wait-until.ts';

const logger = pino({ level: 'silent' });
const ROOM = 7;
const PAGE = 100;

const message = (sequence: number): ChatMessage => ({
  sequence,
  id: '00000000-0000-4000-8000-000000000000',
  from: 'p',
  name: 'P',
  role: 'guest',
  sentAt: 1,
  text: String(sequence),
  image: null,
});

/** A room with messages, of which a page holds 100. It records from where each page was read. */
function chatRoom(count = 0) {
  const room = { count, reads: [] as number[] };
  const read = async (_: number, after: number) => {
    room.reads.push(after);
    const last = Math.min(room.count, after + PAGE);
    const messages = Array.from({ length: Math.max(0, last - after) }, (_, i) =>
      message(after + i + 1),
    );
    return { messages, more: messages.length === PAGE };
  };
  return { room, read };
}

function world() {
  const presence = new RoomPresence({ query: () => Promise.reject(new Error('no database')) });
  const enter = (participant: string, lastSequence = 0, readMarks: readonly ReadMark[] = []) => {
    const sent: ServerMessage[] = [];
    const socket = {
      send: (frame: string) => void sent.push(JSON.parse(frame) as ServerMessage),
      close: () => {},
      terminate: () => {},
      bufferedBytes: () => 0,
    };
    const owner = {
      ended: () => {},
      metrics: new SocketMetrics(new Registry(), () => assert.fail('nothing reads the sockets')),
      rateLimitOf: () => null,
    };
    const origin = {
      address: '192.0.2.1',
      origin: null,
      cookie: undefined,
      own: new Set<string>(),
    };
    const connection = new Connection(socket, origin, owner as unknown as ConnectionOwner);
    presence.enter(connection, { room: ROOM, participant, lastSequence, readMarks });
    const sequences = () =>
      sent.flatMap((one) => (one.type === 'chat' ? one.messages : [])).map((one) => one.sequence);
    return { connection, sent, sequences };
  };
  return { presence, enter };
}

const upTo = (last: number, first = 1) =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

test('a delivery reads once, since a page that is not full is the last one', async () => {
  const { presence, enter } = world();
  const { room, read } = chatRoom(3);
  const feed = new ChatFeed(presence, read, logger);
  const { sequences } = enter('a');
  await feed.deliver(ROOM);
  assert.deepEqual([room.reads, sequences()], [[0], [1, 2, 3]]);
  room.count = 4;
  await feed.deliver(ROOM);
  assert.deepEqual(
    [room.reads, sequences()],
    [
      [0, 3],
      [1, 2, 3, 4],
    ],
  );
});

test('pages are read until one is not full', async () => {
  const { presence, enter } = world();
  const { room, read } = chatRoom(250);
  const feed = new ChatFeed(presence, read, logger);
  const { sequences } = enter('a');
  await feed.deliver(ROOM);
  assert.deepEqual(room.reads, [0, 100, 200]);
  assert.deepEqual(sequences(), upTo(250));
});

test('a room is read once for all connections in it, and each gets what it has not got', async () => {
  const { presence, enter } = world();
  const { room, read } = chatRoom(5);
  const feed = new ChatFeed(presence, read, logger);
  const [early, late] = [enter('a', 1), enter('b', 4)];
  await feed.deliver(ROOM);
  assert.deepEqual(room.reads, [1]);
  assert.deepEqual([early.sequences(), late.sequences()], [[2, 3, 4, 5], [5]]);
});

test('requests during a delivery share one further read, and are served by it', async () => {
  const { presence, enter } = world();
  const { room, read } = chatRoom(1);
  const ends: (() => void)[] = [];
  const feed = new ChatFeed(
    presence,
    async (number, after) => {
      const page = await read(number, after);
      await new Promise<void>((resolve) => ends.push(resolve));
      return page;
    },
    logger,
  );
  const { sequences } = enter('a');
  const first = feed.deliver(ROOM);
  await waitUntil('the first read runs', () => ends.length === 1);
  room.count = 2;
  const others = [feed.deliver(ROOM), feed.deliver(ROOM)];
  ends[0]?.();
  await waitUntil('the second read runs', () => ends.length === 2);
  ends[1]?.();
  await Promise.all([first, ...others]);
  assert.deepEqual(
    [room.reads, sequences()],
    [
      [0, 1],
      [1, 2],
    ],
  );
});

test('a delivery that failed is tried again', async () => {
  const { presence, enter } = world();
  const { read } = chatRoom(1);
  let failures = 1;
  const feed = new ChatFeed(
    presence,
    (room, after) =>
      failures-- > 0 ? Promise.reject(new Error('the database is away')) : read(room, after),
    logger,
  );
  const { sequences } = enter('a');
  await feed.deliver(ROOM);
  assert.deepEqual(sequences(), []);
  await waitUntil('the message is delivered', () => sequences().length === 1);
});

test('catching up reads only where a connection has not got the last message', async () => {
  const { presence, enter } = world();
  const { room, read } = chatRoom(2);
  const feed = new ChatFeed(presence, read, logger);
  await feed.catchUp(ROOM, 2);
  enter('a', 2);
  await feed.catchUp(ROOM, 2);
  assert.deepEqual(room.reads, [], 'nobody is in the room, or everybody has all');
  const { sequences } = enter('b', 1);
  await feed.catchUp(ROOM, 2);
  assert.deepEqual([room.reads, sequences()], [[1], [2]]);
});

test('entering again skips no message that is still to be delivered', async () => {
  const { presence, enter } = world();
  const { read } = chatRoom(3);
  const feed = new ChatFeed(presence, read, logger);
  const { connection, sequences } = enter('a', 1);
  presence.enter(connection, { room: ROOM, participant: 'a', lastSequence: 3, readMarks: [] });
  await feed.deliver(ROOM);
  assert.deepEqual(sequences(), [2, 3]);
});

test('a connection is told those read marks that have grown since it was last told', async () => {
  const { presence, enter } = world();
  let marks: ReadMark[] = [];
  const feed = new ReadMarkFeed(presence, async () => marks, logger);
  const first = enter('a', 0, [{ participant: 'b', sequence: 1 }]);
  const second = enter('b');
  marks = [
    { participant: 'a', sequence: 2 },
    { participant: 'b', sequence: 1 },
  ];
  await feed.deliver(ROOM);
  await feed.deliver(ROOM);
  marks = [
    { participant: 'a', sequence: 2 },
    { participant: 'b', sequence: 4 },
  ];
  await feed.deliver(ROOM);
  // Read before, and told later by the full round: nothing goes back.
  feed.tell(ROOM, [{ participant: 'b', sequence: 3 }]);
  const told = ({ sent }: { sent: ServerMessage[] }) =>
    sent.flatMap((one) => (one.type === 'chat-read' ? [one.marks] : []));
  assert.deepEqual(told(first), [
    [{ participant: 'a', sequence: 2 }],
    [{ participant: 'b', sequence: 4 }],
  ]);
  assert.deepEqual(told(second), [
    [
      { participant: 'a', sequence: 2 },
      { participant: 'b', sequence: 1 },
    ],
    [{ participant: 'b', sequence: 4 }],
  ]);
});

test('a connection can be in two rooms, and each message goes to the room that it is for', async () => {
  const { presence, enter } = world();
  const { read } = chatRoom(1);
  const feed = new ChatFeed(presence, read, logger);
  const { connection, sent } = enter('a');
  presence.enter(connection, { room: 8, participant: 'a2', lastSequence: 0, readMarks: [] });
  await feed.deliver(8);
  await feed.deliver(ROOM);
  const entered = connection.rooms.get(8);
  assert.ok(entered);
  presence.leave(connection, entered);
  assert.deepEqual(
    sent.map((one) => one.type === 'chat' && one.room),
    [8, ROOM],
  );
  assert.deepEqual([...connection.rooms.keys()], [ROOM]);
  assert.deepEqual(presence.rooms, [ROOM]);
});
