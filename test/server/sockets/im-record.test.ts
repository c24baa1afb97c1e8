import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { issueRoomToken } from '../../../src/server/identity/room-token.ts';
import { createRoom } from '../../../src/server/rooms/create-room.ts';
import { readMessages } from '../../../src/server/chat/read-messages.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { ProtocolClient, type GuestClient } from '../../support/protocol-client.ts';
import { makeSite, TEST_KEY } from '../../support/signaling-server.ts';

/** A room whose chat runs on Tencent IM is recorded like any other (src/chat/README.md). */
onBothStores((bench) => {
  const roomOnIm = async () => {
    const { database } = bench.server;
    const site = await makeSite(database, 0);
    return createRoom(database, {
      siteId: site.id,
      media: { trtc: true, confirmedByCallback: false },
    });
  };
  const guest = async (room: number, subject: string) => {
    const who = { room, subject, name: subject, verified: true, seconds: 60 };
    const token = await issueRoomToken(TEST_KEY, who);
    const client: GuestClient = await ProtocolClient.join(bench.server.url, {
      role: 'guest',
      token,
    });
    const participant = client.view.room.ticket?.participant ?? '';
    await client.command({ type: 'enter-room', room, participant });
    return client;
  };
  const texts = async (room: number) =>
    (await readMessages(bench.server.database, { room, after: 0 })).map(({ text }) => text);

  test('a message over IM is stored, numbered and delivered to the others, who may have it already', async () => {
    const room = await roomOnIm();
    const [a, b] = [await guest(room, 'a'), await guest(room, 'b')];
    assert.equal(a.view.room.ticket?.chat.provider, 'tim');
    const messageId = randomUUID();
    const said = { type: 'chat-send', room, messageId, text: 'hello 👋' } as const;
    const kept = await a.command(said);
    assert.deepEqual([kept.id, kept.sequence], [messageId, 1]);
    await b.message('chat', ({ messages }) => messages[0]?.id === messageId);
    await a.command({ type: 'chat-send', room, messageId: randomUUID(), text: 'and' });
    await b.message('chat', ({ messages }) => messages.some(({ sequence }) => sequence === 2));
    assert.deepEqual(
      b.chat.map(({ sequence }) => sequence),
      [1, 2],
    );
    await Promise.all([a.close(), b.close()]);
  });

  test('a message that is sent again after a cut is stored once', async () => {
    const room = await roomOnIm();
    const before = await guest(room, 'a');
    const messageId = randomUUID();
    const said = { type: 'chat-send', room, messageId, text: 'did that arrive?' } as const;
    before.send({ ...said, id: 'lost' });
    before.cut();
    const again = await guest(room, 'a');
    const kept = await again.command(said);
    assert.equal(kept.id, messageId);
    assert.deepEqual(await texts(room), ['did that arrive?']);
    await again.close();
  });

  test('the whole conversation can be read when the room falls back to the built-in chat', async () => {
    const room = await roomOnIm();
    const a = await guest(room, 'a');
    const participant = a.view.room.ticket?.participant ?? '';
    const say = (text: string) =>
      a.command({ type: 'chat-send', room, messageId: randomUUID(), text });
    for (const text of ['one', 'two']) await say(text);
    await a.command({ type: 'fall-back', room, participant });
    const view = await a.waitFor(({ room: { ticket } }) => ticket?.chat.provider === 'desk');
    assert.equal(view.room.ticket?.participant, participant);
    assert.equal((await say('three')).sequence, 3);
    const b = await guest(room, 'b');
    const { messages } = await b.command({ type: 'chat-history', room, after: 0 });
    assert.deepEqual(
      messages.map(({ text }) => text),
      ['one', 'two', 'three'],
    );
    await Promise.all([a.close(), b.close()]);
  });

  test('a ticket is renewed for the same person and application', async () => {
    const room = await roomOnIm();
    const a = await guest(room, 'a');
    const { ticket } = a.view.room;
    assert.ok(ticket?.chat.provider === 'tim');
    const { participant, chat } = ticket;
    const renewed = await a.command({ type: 'renew-ticket', room, participant });
    assert.equal(renewed.participant, participant);
    assert.ok(renewed.chat.provider === 'tim');
    assert.equal(renewed.chat.sdkAppId, chat.sdkAppId);
    assert.ok(renewed.chat.userSig.length > 0);
    await a.close();
  });
});
