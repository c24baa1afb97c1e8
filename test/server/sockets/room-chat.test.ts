import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { appendMessage } from '../../../src/server/chat/append-message.ts';
import { markRead } from '../../../src/server/chat/mark-read.ts';
import type { Database } from '../../../src/server/database/database.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { withCode } from '../../support/error-code.ts';
import { guest, roomOf } from '../../support/guest.ts';
import {
  ProtocolClient,
  type AgentClient,
  type VisitorClient,
} from '../../support/protocol-client.ts';
import { connect, makeSite, ticketOf } from '../../support/signaling-server.ts';

const ROUNDS = 40;

/** The same data; its changes cause no notices. */
function withoutNotices(db: Database): Database {
  return {
    embedded: db.embedded,
    wake: { ...db.wake, notify: () => undefined },
    query: (text, values) => db.query(text, values),
    batch: (text, key, values) => db.batch(text, key, values),
    transaction: (work) => db.transaction(work),
    dumpFiles: () => db.dumpFiles(),
    close: () => db.close(),
  };
}

onBothStores((bench) => {
  test('messages reach everyone in order and once, however fast they are written', async () => {
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

  test('a message that is sent again with its id is stored once, and answered as it is stored', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const [a, b] = [await guest(url, room, 'a'), await guest(url, room, 'b')];
    const messageId = randomUUID();
    const send = () => a.client.command({ type: 'chat-send', room, messageId, text: 'once' });
    const first = await send();
    assert.deepEqual(await send(), first);
    a.client.cut();
    const again = await ProtocolClient.join(url, { role: 'guest', token: a.token });
    await again.command({ type: 'enter-room', room, participant: a.participant });
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

  test('messages from the time of a cut are in the history, and are not delivered as well', async () => {
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
    assert.equal(back.view.room.ticket?.participant, b.participant, 'the same participant');
    const entry = await back.command({ type: 'enter-room', room, participant: b.participant });
    const { lastSequence, readMarks } = entry;
    assert.deepEqual({ lastSequence, readMarks }, { lastSequence: 2, readMarks: [] });
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

  test('empty, over-long and unstorable messages are refused by their codes', async () => {
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

  test('a read mark is told to the others, and goes neither back nor past the last message', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const [a, b] = [await guest(url, room, 'a'), await guest(url, room, 'b')];
    for (const text of ['1', '2']) {
      await a.client.command({ type: 'chat-send', room, messageId: randomUUID(), text });
    }
    const told = (sequence: number) =>
      a.client.until(() => a.client.readMarks.get(b.participant) === sequence, 'the mark');
    await b.client.command({ type: 'chat-read', room, sequence: 1 });
    await told(1);
    await b.client.command({ type: 'chat-read', room, sequence: 999 });
    await told(2);
    await b.client.command({ type: 'chat-read', room, sequence: 1 });
    await a.client.command({ type: 'chat-read', room, sequence: 2 });
    await a.client.until(() => a.client.readMarks.get(a.participant) === 2, 'the own mark');
    assert.deepEqual(
      a.client.messages.flatMap((message) => (message.type === 'chat-read' ? message.marks : [])),
      [
        { participant: b.participant, sequence: 1 },
        { participant: b.participant, sequence: 2 },
        { participant: a.participant, sequence: 2 },
      ],
    );
    const c = await guest(url, room, 'c', false);
    const { lastSequence, readMarks } = await c.client.command({
      type: 'enter-room',
      room,
      participant: c.participant,
    });
    assert.equal(lastSequence, 2);
    assert.deepEqual(
      new Map(readMarks.map(({ participant, sequence }) => [participant, sequence])),
      new Map([
        [a.participant, 2],
        [b.participant, 2],
      ]),
    );
    await Promise.all([a, b, c].map(({ client }) => client.close()));
  });

  test('enter-room names the participants under which the same person was in the room before', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, resume, room, agentTicket, visitorTicket } = await connect(url, site);
    const enterAgain = async (client: AgentClient | VisitorClient) => {
      const again = await ticketOf(client);
      const command = { type: 'enter-room', ...again } as const;
      const { ownParticipants } = await (client as ProtocolClient).command(command);
      return { ...again, ownParticipants: new Set(ownParticipants) };
    };
    const hello = { role: 'visitor', site: site.id, resume, fresh: true } as const;
    const reloaded = await ProtocolClient.join(url, hello);
    const asVisitor = await enterAgain(reloaded);
    const own = new Set([visitorTicket.participant, asVisitor.participant]);
    assert.equal(own.size, 2);
    assert.deepEqual(asVisitor.ownParticipants, own);

    const tab = await ProtocolClient.join(url, { role: 'agent', token: site.agents[0]!.token });
    await tab.command({ type: 'activate-tab' });
    const asAgent = await enterAgain(tab);
    assert.deepEqual(
      asAgent.ownParticipants,
      new Set([agentTicket.participant, asAgent.participant]),
    );

    const meeting = await roomOf(bench);
    const [ann, namesake] = [await guest(url, meeting, 'ann'), await guest(url, meeting, 'bob')];
    const again = await guest(url, meeting, 'ann', false);
    const { ownParticipants } = await again.client.command({
      ...{ type: 'enter-room', room: meeting, participant: again.participant },
    });
    assert.deepEqual(new Set(ownParticipants), new Set([ann.participant, again.participant]));
    assert.notEqual(room, meeting);
    const clients = [visitor, desk, reloaded, tab, ann.client, namesake.client, again.client];
    await Promise.all(clients.map((client) => client.close()));
  });

  test('messages and read marks cause no view to be read', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, room, visitorTicket } = await connect(url, site);
    const query = database.query.bind(database);
    let views = 0;
    database.query = (text, values) => {
      if (text.includes('snapshot_rev')) views += 1;
      return query(text, values);
    };
    try {
      for (let sequence = 1; sequence <= ROUNDS; sequence += 1) {
        const said = { type: 'chat-send', room, messageId: randomUUID(), text: 'x' } as const;
        await desk.command(said);
        await visitor.until(() => visitor.chat.length === sequence, 'the message');
        await visitor.command({ type: 'chat-read', room, sequence });
        await desk.until(
          () => desk.readMarks.get(visitorTicket.participant) === sequence,
          'the read mark',
        );
      }
    } finally {
      database.query = query;
    }
    // The full round of every five seconds reads some.
    assert.ok(views < ROUNDS, `${views} readings of views for ${ROUNDS} messages`);
    await Promise.all([visitor.close(), desk.close()]);
  });

  test('messages and read marks arrive though their notices are lost', async () => {
    const { url, database } = bench.server;
    const room = await roomOf(bench);
    const [a, b] = [await guest(url, room, 'a'), await guest(url, room, 'b')];
    const silent = withoutNotices(database);
    await appendMessage(silent, { room, participant: a.participant, id: randomUUID(), text: 'x' });
    await markRead(silent, { room, participant: b.participant, sequence: 1 });
    for (const { client } of [a, b]) {
      await client.until(() => client.chat.length === 1, 'the message');
      await client.until(() => client.readMarks.get(b.participant) === 1, 'the read mark');
    }
    await Promise.all([a.client.close(), b.client.close()]);
  });

  test('the two of a call can read its chat for an hour after the end, and no longer', async () => {
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
