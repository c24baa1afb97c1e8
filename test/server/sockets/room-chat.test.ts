import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { onBothStores } from '../../support/both-stores.ts';
import { withCode } from '../../support/error-code.ts';
import { guest, roomOf } from '../../support/guest.ts';
import {
  ProtocolClient,
  type AgentClient,
  type VisitorClient,
} from '../../support/protocol-client.ts';
import { connect, makeSite } from '../../support/signaling-server.ts';

onBothStores((bench) => {
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
});
