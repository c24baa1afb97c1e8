import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import pg from 'pg';
import type { RtcDeskError } from '../../../src/protocol/errors.ts';
import type { Database } from '../../../src/server/database/database.ts';
import { issueRoomToken } from '../../../src/server/identity/room-token.ts';
import { appendMessage } from '../../../src/server/queue/append-message.ts';
import { closeRoom } from '../../../src/server/queue/close-room.ts';
import { createRoom } from '../../../src/server/queue/create-room.ts';
import { onBothStores, type Bench } from '../../support/both-stores.ts';
import {
  ProtocolClient,
  type AgentClient,
  type GuestClient,
  type VisitorClient,
} from '../../support/protocol-client.ts';
import {
  connect,
  deskOf,
  makeSite,
  startSignalingServer,
  TEST_KEY,
} from '../../support/signaling-server.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** The same data, with changes that wake nobody. */
function unheardBy(db: Database): Database {
  return {
    embedded: db.embedded,
    wake: { ...db.wake, notify: () => undefined },
    query: (text, values) => db.query(text, values),
    gather: (text, key, values) => db.gather(text, key, values),
    transaction: (work) => db.transaction(work),
    close: () => db.close(),
  };
}

const withCode = (code: string) => (error: unknown) => (error as RtcDeskError).code === code;

/** A guest in a room; `entered` unless the test wants to wait at the door. */
async function guest(url: string, room: number, subject: string, entered = true) {
  const token = await tokenOf(room, subject);
  const client: GuestClient = await ProtocolClient.join(url, { role: 'guest', token });
  const { participant } = client.view.ticket;
  if (entered) await client.command({ type: 'enter-room', room, participant });
  return { client, participant, token };
}

const tokenOf = (room: number, subject: string, verified = true) =>
  issueRoomToken(TEST_KEY, { room, subject, name: subject, verified, seconds: 60 });

async function roomOf(bench: Bench): Promise<number> {
  const site = await makeSite(bench.server.database, 0);
  return createRoom(bench.server.database, { siteId: site.id });
}

onBothStores((bench) => {
  test('a signal reaches the member that it is for, unchanged, and nobody else', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const [a, b, c] = [
      await guest(url, room, 'a'),
      await guest(url, room, 'b'),
      await guest(url, room, 'c'),
    ];
    const data = { description: { type: 'offer', sdp: 'v=0\r\n'.repeat(4000) }, n: [1, null, 'é'] };
    a.client.send({ type: 'signal', room, to: b.participant, data });
    assert.deepEqual(await b.client.message('signal'), {
      type: 'signal',
      room,
      from: a.participant,
      data,
    });
    // Signals keep their order, so that one sent later to c proves that the first never went there.
    a.client.send({ type: 'signal', room, to: c.participant, data: 'for c' });
    await c.client.message('signal');
    assert.equal(c.client.messages.filter(({ type }) => type === 'signal').length, 1);
    await Promise.all([a, b, c].map(({ client }) => client.close()));
  });

  test('signals keep their order', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const [a, b] = [await guest(url, room, 'a'), await guest(url, room, 'b')];
    for (let i = 0; i < 100; i += 1) {
      a.client.send({ type: 'signal', room, to: b.participant, data: i });
    }
    await b.client.message('signal', ({ data }) => data === 99);
    const order = b.client.messages.flatMap((m) => (m.type === 'signal' ? [m.data] : []));
    assert.deepEqual(
      order,
      Array.from({ length: 100 }, (_, i) => i),
    );
    await Promise.all([a.client.close(), b.client.close()]);
  });

  test('no signal, mark or message comes in from outside of the room, or goes out of it', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const other = await roomOf(bench);
    const inside = await guest(url, room, 'inside');
    const door = await guest(url, room, 'door', false);
    const stranger = await guest(url, other, 'stranger');
    const before = inside.client.messages.length;
    for (const outsider of [door, stranger]) {
      const { client } = outsider;
      const to = inside.participant;
      client.send({ type: 'signal', room, to, data: 'x' });
      client.send({ type: 'typing', room });
      await client.until(
        () =>
          client.messages.filter((m) => m.type === 'error' && m.code === 'forbidden').length === 2,
        'two refusals',
      );
      const messageId = randomUUID();
      await assert.rejects(
        client.command({ type: 'chat-send', room, messageId, text: 'x' }),
        withCode('forbidden'),
      );
      await assert.rejects(
        client.command({ type: 'chat-read', room, sequence: 1 }),
        withCode('forbidden'),
      );
    }
    await assert.rejects(
      stranger.client.command({ type: 'chat-history', room, after: 0 }),
      withCode('forbidden'),
    );
    inside.client.send({ type: 'signal', room, to: door.participant, data: 'x' });
    inside.client.send({ type: 'signal', room, to: stranger.participant, data: 'x' });
    await inside.client.until(
      () => inside.client.messages.filter((m) => m.type === 'error').length === 2,
      'two refusals',
    );
    const heard = inside.client.messages.slice(before).filter(({ type }) => type !== 'error');
    assert.deepEqual(
      heard.filter(({ type }) => type !== 'snapshot'),
      [],
    );
    assert.equal(
      door.client.messages.some(({ type }) => type === 'signal'),
      false,
    );
    await Promise.all([inside, door, stranger].map(({ client }) => client.close()));
  });

  test('typing reaches the others, not oneself', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const [a, b] = [await guest(url, room, 'a'), await guest(url, room, 'b')];
    a.client.send({ type: 'typing', room });
    assert.equal((await b.client.message('typing')).from, a.participant);
    assert.equal(
      a.client.messages.some(({ type }) => type === 'typing'),
      false,
    );
    await Promise.all([a.client.close(), b.client.close()]);
  });

  test('chat comes to everyone in order, none twice, however fast it is written', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const people = [
      await guest(url, room, 'a'),
      await guest(url, room, 'b'),
      await guest(url, room, 'c'),
    ];
    const sent = people.flatMap(({ client }, who) =>
      Array.from({ length: 15 }, (_, i) =>
        client.command({ type: 'chat-send', room, messageId: randomUUID(), text: `${who} ${i}` }),
      ),
    );
    await Promise.all(sent);
    for (const { client } of people) {
      await client.until(() => client.chat.length >= 45, 'all messages');
      assert.deepEqual(
        client.chat.map(({ sequence }) => sequence),
        Array.from({ length: 45 }, (_, i) => i + 1),
      );
      for (const who of [0, 1, 2]) {
        const own = client.chat.filter(({ text }) => text?.startsWith(`${who} `));
        assert.deepEqual(
          own.map(({ text }) => text),
          Array.from({ length: 15 }, (_, i) => `${who} ${i}`),
        );
      }
    }
    await Promise.all(people.map(({ client }) => client.close()));
  });

  test('a message sent again with its id is kept once, and answered with what was kept', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const [a, b] = [await guest(url, room, 'a'), await guest(url, room, 'b')];
    const messageId = randomUUID();
    const send = () => a.client.command({ type: 'chat-send', room, messageId, text: 'once' });
    const first = await send();
    assert.deepEqual(await send(), first);
    a.client.cut();
    const again = await ProtocolClient.join(url, { role: 'guest', token: a.token });
    await again.command({ type: 'enter-room', room, participant: again.view.ticket.participant });
    assert.deepEqual(
      await again.command({ type: 'chat-send', room, messageId, text: 'once' }),
      first,
    );
    await again.command({ type: 'chat-send', room, messageId: randomUUID(), text: 'last' });
    await b.client.until(() => b.client.chat.length >= 2, 'two messages');
    assert.deepEqual(
      b.client.chat.map(({ text, sequence }) => [text, sequence]),
      [
        ['once', 1],
        ['last', 2],
      ],
    );
    await Promise.all([again.close(), b.client.close()]);
  });

  test('what was said during a cut is in the history, and is not delivered as well', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const [a, b] = [await guest(url, room, 'a'), await guest(url, room, 'b')];
    const say = (text: string) =>
      a.client.command({ type: 'chat-send', room, messageId: randomUUID(), text });
    await say('before');
    await b.client.until(() => b.client.chat.length === 1, 'the first message');
    b.client.cut();
    await say('meanwhile');
    const back = await ProtocolClient.join(url, { role: 'guest', token: b.token });
    assert.equal(back.view.ticket.participant, b.participant, 'the same join');
    await back.command({ type: 'enter-room', room, participant: b.participant });
    await say('after');
    await back.until(() => back.chat.length > 0, 'the last message');
    assert.deepEqual(
      back.chat.map(({ text }) => text),
      ['after'],
    );
    const { messages } = await back.command({ type: 'chat-history', room, after: 1 });
    assert.deepEqual(
      messages.map(({ text }) => text),
      ['meanwhile', 'after'],
    );
    await Promise.all([a.client.close(), back.close()]);
  });

  test('empty, over-long and foreign messages are refused by their codes', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const { client } = await guest(url, room, 'a');
    const send = (body: object) =>
      client.command({ type: 'chat-send', room, messageId: randomUUID(), ...body });
    await assert.rejects(send({ text: '' }), withCode('message-empty'));
    await assert.rejects(send({ text: ' \n\t ' }), withCode('message-empty'));
    await assert.rejects(send({}), withCode('message-empty'));
    await assert.rejects(send({ text: 'x'.repeat(4001) }), withCode('message-too-long'));
    await assert.rejects(send({ text: 'a\u0000b' }), withCode('bad-message'));
    await assert.rejects(send({ imageId: randomUUID() }), withCode('not-found'));
    assert.equal((await send({ text: 'x'.repeat(4000) })).sequence, 1);
    await client.close();
  });

  test('a read mark is seen by the others, and never goes back or ahead', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const [a, b] = [await guest(url, room, 'a'), await guest(url, room, 'b')];
    for (const text of ['1', '2']) {
      await a.client.command({ type: 'chat-send', room, messageId: randomUUID(), text });
    }
    const seen = (sequence: number) =>
      a.client.waitFor((view) =>
        view.room.participants.some((p) => p.id === b.participant && p.readSequence === sequence),
      );
    await b.client.command({ type: 'chat-read', room, sequence: 1 });
    await seen(1);
    await b.client.command({ type: 'chat-read', room, sequence: 999 });
    await seen(2);
    await b.client.command({ type: 'chat-read', room, sequence: 1 });
    await b.client.command({ type: 'leave-room', room, participant: b.participant });
    await a.client.waitFor((view) => view.room.participants.length === 1);
    await Promise.all([a.client.close(), b.client.close()]);
  });

  test('the last words before the end are delivered before the view that shows the end', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, room, callId } = await connect(url, site);
    const sent = desk.command({ type: 'chat-send', room, messageId: randomUUID(), text: 'bye' });
    const ended = desk.command({ type: 'end-call', callId });
    await Promise.all([sent, ended]);
    await visitor.waitFor(({ call }) => call?.state === 'ended');
    const order = visitor.frames.map((frame) =>
      frame.startsWith('{"type":"chat"') ? 'chat' : frame.includes('"state":"ended"') ? 'end' : '',
    );
    assert.ok(order.includes('chat'), 'delivered');
    assert.ok(order.indexOf('chat') < order.indexOf('end'), 'before the end');
    await assert.rejects(
      desk.command({ type: 'chat-send', room, messageId: randomUUID(), text: 'late' }),
      ({ code }: RtcDeskError) => code === 'forbidden' || code === 'conflict',
    );
    const { messages } = await desk.command({ type: 'chat-history', room, after: 0 });
    assert.deepEqual(
      messages.map(({ text }) => text),
      ['bye'],
    );
    await Promise.all([visitor.close(), desk.close()]);
  });

  test('a guest’s second page takes over as another participant, and nobody sees two', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const [a, b] = [await guest(url, room, 'a'), await guest(url, room, 'b')];
    const fresh = await ProtocolClient.join(url, { role: 'guest', token: a.token, fresh: true });
    assert.equal((await a.client.waitForClose()).code, 4409);
    const { participant } = fresh.view.ticket;
    assert.notEqual(participant, a.participant);
    await fresh.command({ type: 'enter-room', room, participant });
    const view = await b.client.waitFor(({ room: { participants } }) =>
      participants.some(({ id }) => id === participant),
    );
    assert.deepEqual(
      view.room.participants.map(({ id }) => id).sort(),
      [participant, b.participant].sort(),
    );
    await Promise.all([fresh.close(), b.client.close()]);
  });

  test('a room of the built-in media takes six, and tells the seventh', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const people = [];
    for (let i = 0; i < 6; i += 1) people.push(await guest(url, room, `p${i}`));
    const seventh = await guest(url, room, 'p6', false);
    await assert.rejects(
      seventh.client.command({ type: 'enter-room', room, participant: seventh.participant }),
      withCode('room-full'),
    );
    await Promise.all([...people, seventh].map(({ client }) => client.close()));
  });

  test('a room that was closed lets nobody in', async () => {
    const { url, database } = bench.server;
    const room = await roomOf(bench);
    await database.query('update rooms set closed_at = now() where number = $1', [room]);
    const token = await tokenOf(room, 'a');
    const client = await ProtocolClient.open(url);
    client.hello({ role: 'guest', token });
    assert.deepEqual(await client.waitForClose(), { code: 4403, reason: 'not-found' });
  });

  test('a room that is closed shows everyone out, after the last words', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database, 0);
    const room = await createRoom(database, { siteId: site.id });
    const [a, b] = [await guest(url, room, 'a'), await guest(url, room, 'b')];
    const messageId = randomUUID();
    await a.client.command({ type: 'chat-send', room, messageId, text: 'bye' });
    assert.equal(await closeRoom(database, { siteId: site.id, room }), true);
    for (const { client } of [a, b]) {
      assert.deepEqual(await client.waitForClose(), { code: 4403, reason: 'not-found' });
      assert.deepEqual(
        client.chat.map(({ text }) => text),
        ['bye'],
      );
    }
  });

  test('a guest’s name is shown as verified only where somebody vouched for it', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const known = await guest(url, room, 'known');
    const token = await tokenOf(room, 'typed', false);
    const typed = await ProtocolClient.join(url, { role: 'guest', token });
    const { participant } = typed.view.ticket;
    await typed.command({ type: 'enter-room', room, participant });
    const view = await known.client.waitFor(
      ({ room: { participants } }) => participants.length === 2,
    );
    assert.deepEqual(
      view.room.participants.map(({ name, verified }) => [name, verified]),
      [
        ['known', true],
        ['typed', false],
      ],
    );
    await Promise.all([known.client.close(), typed.close()]);
  });

  test('what was said can be read for an hour after the call by its two, and no longer', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, room, callId } = await connect(url, site);
    await desk.command({ type: 'chat-send', room, messageId: randomUUID(), text: 'kept' });
    await desk.command({ type: 'end-call', callId });
    const read = async (client: VisitorClient | AgentClient) =>
      (await (client as ProtocolClient).command({ type: 'chat-history', room, after: 0 })).messages
        .length;
    assert.deepEqual([await read(visitor), await read(desk)], [1, 1]);
    await database.query(
      `update rooms set closed_at = closed_at - interval '61 minutes' where number = $1`,
      [room],
    );
    for (const client of [visitor, desk]) await assert.rejects(read(client), withCode('forbidden'));
    await Promise.all([visitor.close(), desk.close()]);
  });

  // An embedded database has one node, and one connection.
  if (bench.kind === 'PGlite') return;
  test('the view that shows the end waits for the last words, however long they take', async (t) => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, room, callId, agentJoin } = await connect(url, site);
    const { participant } = agentJoin;
    // Kept, and nobody was told.
    await appendMessage(unheardBy(database), { room, participant, id: randomUUID(), text: 'bye' });
    assert.ok('databaseUrl' in bench.store);
    const holder = new pg.Client({ connectionString: bench.store.databaseUrl });
    await holder.connect();
    t.after(() => holder.end());
    await holder.query('begin');
    await holder.query('lock table messages in access exclusive mode');
    const secondTab = await deskOf(url, site.agents[0]);
    await desk.command({ type: 'end-call', callId });
    // It was never in the room, so that nothing keeps its view back.
    await secondTab.waitFor(({ call }) => call === null);
    await waitUntil('the last words are asked for', async () => {
      const { rows } = await database.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like '%from messages%'`,
      );
      return (rows[0]?.n ?? 0) > 0;
    });
    visitor.send({ type: 'ping' });
    await visitor.message('pong');
    assert.equal(visitor.view.call?.state, 'connected', 'not before the last words');
    await holder.query('commit');
    const ended = await visitor.waitFor(({ call }) => call?.state === 'ended');
    assert.equal(ended.call?.ended?.reason, 'agent-ended');
    assert.deepEqual(
      visitor.chat.map(({ text }) => text),
      ['bye'],
    );
    await Promise.all([visitor.close(), desk.close(), secondTab.close()]);
  });

  test('signals, typing and chat cross from node to node', async () => {
    const other = await startSignalingServer(bench.store);
    try {
      const room = await roomOf(bench);
      const [a, b] = [await guest(bench.server.url, room, 'a'), await guest(other.url, room, 'b')];
      const data = { sdp: 'x'.repeat(20_000) };
      a.client.send({ type: 'signal', room, to: b.participant, data });
      assert.deepEqual((await b.client.message('signal')).data, data);
      b.client.send({ type: 'signal', room, to: a.participant, data: 'back' });
      await a.client.message('signal', (message) => message.data === 'back');
      b.client.send({ type: 'typing', room });
      assert.equal((await a.client.message('typing')).from, b.participant);
      await a.client.command({ type: 'chat-send', room, messageId: randomUUID(), text: 'over' });
      assert.equal((await b.client.message('chat')).messages[0]?.text, 'over');
      await a.client.close();
      await b.client.close();
    } finally {
      await other.stop();
    }
  });
});
