import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RtcDeskError } from '../../../src/protocol/errors.ts';
import { endAgentSession } from '../../../src/server/identity/agent-session.ts';
import { issueRoomToken } from '../../../src/server/identity/room-token.ts';
import { closeRoom } from '../../../src/server/rooms/close-room.ts';
import { createRoom } from '../../../src/server/rooms/create-room.ts';
import { BUILT_IN_MEDIA } from '../../../src/server/rooms/room-media.ts';
import { activeLeg } from '../../support/agent-legs.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { ProtocolClient, type HelloBody } from '../../support/protocol-client.ts';
import {
  callFrom,
  connect,
  makeSite,
  newResume,
  TEST_KEY,
} from '../../support/signaling-server.ts';

onBothStores((bench) => {
  async function refused(hello: HelloBody) {
    const client = await ProtocolClient.open(bench.server.url);
    client.hello(hello);
    const { code, reason } = await client.waitForClose();
    return [code, reason];
  }

  test('a session opens nothing after its agent has signed out', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const from = { address: null, isLocal: true };
    const token = site.agents[0]?.token ?? '';
    await (await ProtocolClient.join(url, { role: 'agent', token })).close();
    assert.notEqual(await endAgentSession(database, token, from), null);
    assert.deepEqual(await refused({ role: 'agent', token }), [4401, 'unauthorized']);
    assert.equal(await endAgentSession(database, token, from), null);
  });

  test('a token for one purpose is refused for another', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, resume, room, callId } = await connect(url, site);
    const chat = activeLeg(desk.view)?.rooms[0]?.ticket?.chat;
    const chatToken = chat && 'token' in chat ? chat.token : assert.fail('no chat token');
    const guest = { room, subject: 'g', name: 'G', verified: false, seconds: 60 };
    const roomToken = await issueRoomToken(TEST_KEY, guest);
    const session = site.agents[0]?.token ?? '';
    for (const token of [chatToken, roomToken, resume]) {
      assert.deepEqual(await refused({ role: 'agent', token }), [4401, 'unauthorized']);
    }
    for (const token of [chatToken, session, resume]) {
      assert.deepEqual(await refused({ role: 'guest', token }), [4401, 'unauthorized']);
    }
    // A signed room token does not open the room of a call.
    assert.deepEqual(await refused({ role: 'guest', token: roomToken }), [4403, 'not-found']);
    const thief = await ProtocolClient.join(url, {
      role: 'visitor',
      site: site.id,
      resume: session,
    });
    assert.equal(thief.view.call, null);
    await desk.command({ type: 'end-call', callId });
    for (const client of [visitor, desk, thief]) await client.close();
  });

  test('a room’s token opens nothing once the room is closed, nor another room', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const room = await createRoom(database, {
      siteId: site.id,
      name: null,
      media: BUILT_IN_MEDIA,
    });
    const guest = { room, subject: 'g', name: 'G', verified: false, seconds: 60 };
    const token = await issueRoomToken(TEST_KEY, guest);
    const client = await ProtocolClient.join(url, { role: 'guest', token });
    await closeRoom(database, { siteId: site.id, room });
    assert.deepEqual(await client.waitForClose(), { code: 4403, reason: 'not-found' });
    assert.deepEqual(await refused({ role: 'guest', token }), [4403, 'not-found']);
  });

  test('a resume token whose call has ended begins no other call and enters no room', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, resume, callId, visitorTicket } = await connect(url, site);
    await visitor.command({ type: 'end-call', callId });
    await visitor.close();
    const replay = await ProtocolClient.join(url, { role: 'visitor', site: site.id, resume });
    assert.equal(replay.view.call?.state, 'ended');
    assert.deepEqual(replay.view.call?.rooms, []);
    const again = await replay.command({ type: 'request-call', resume, params: {} });
    assert.equal(again.callId, callId, 'the same call, which stays ended');
    assert.equal(replay.view.call?.state, 'ended');
    for (const type of ['enter-room', 'renew-ticket'] as const) {
      await assert.rejects(
        replay.command({ type, ...visitorTicket }),
        ({ code }: RtcDeskError) => code === 'conflict' || code === 'forbidden',
      );
    }
    // A resume token that nobody has opens nothing.
    const other = await callFrom(url, site);
    const guess = await ProtocolClient.join(url, {
      role: 'visitor',
      site: site.id,
      resume: newResume(),
    });
    assert.equal(guess.view.call, null);
    for (const client of [replay, desk, other.visitor, guess]) await client.close();
  });
});
