import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { onBothStores } from '../../support/both-stores.ts';
import { withCode } from '../../support/error-code.ts';
import { guest, roomOf } from '../../support/guest.ts';
import { startSignalingServer } from '../../support/signaling-server.ts';

onBothStores((bench) => {
  test('a signal reaches the participant that it is for, unchanged, and nobody else', async () => {
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
    // Signals keep their order: a later one to c shows that the first did not go there.
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

  test('no signal, typing mark, read mark or message crosses the border of a room', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const other = await roomOf(bench);
    const inside = await guest(url, room, 'inside');
    const waiting = await guest(url, room, 'waiting', false);
    const stranger = await guest(url, other, 'stranger');
    const before = inside.client.messages.length;
    for (const outsider of [waiting, stranger]) {
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
    inside.client.send({ type: 'signal', room, to: waiting.participant, data: 'x' });
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
      waiting.client.messages.some(({ type }) => type === 'signal'),
      false,
    );
    await Promise.all([inside, waiting, stranger].map(({ client }) => client.close()));
  });

  test('typing reaches the others, and not the sender', async () => {
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

  // An embedded database has one node.
  if (bench.kind === 'PGlite') return;
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
