import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { AcceptedCall } from '../../../src/server/legs/accept-offer.ts';
import { closeConnection } from '../../../src/server/presence/close-connection.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { fallBack } from '../../../src/server/rooms/fall-back.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { TEST_TRTC } from '../../support/test-trtc.ts';
import { ENTERED, LEFT, sign, signedCallback } from '../../support/trtc-callback.ts';
import { CallWorld, type TestAgent, type TestVisitor } from '../calls/call-world.ts';
import { HttpFixture } from './http-fixture.ts';

const KEY = 'TheCallbackKey0123456789';
const trtc = { ...TEST_TRTC, callbackKey: KEY };
const APP = trtc.sdkAppId;

describe('TRTC’s callbacks', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    let world: CallWorld;
    let agent: TestAgent;
    let visitor: TestVisitor;
    let call: AcceptedCall;

    before(async () => {
      http = await HttpFixture.open(test.db, { trtc });
    });
    after(() => http?.close());
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      agent = await world.agent('Alice');
      visitor = await world.visitor();
      call = await world.accepted(visitor, agent, { trtc: true, witnessed: true });
    });

    const state = async () => (await world.call(visitor.callId)).state;
    const agentSays = () => enterRoom(test.db, { ...call, connectionId: agent.tab });
    const post = (body: string, headers: Record<string, string>) =>
      http.post('/hooks/trtc', body, headers);

    /** TRTC tells of a join; `at` in ms of its clock. */
    async function trtcSays(
      type: number,
      { UserId = call.participant, RoomId = call.room as number | string, at = 1000, Reason = 1 },
      sentAt?: number,
    ): Promise<Response> {
      const info = { RoomId, EventTs: Math.floor(at / 1000), EventMsTs: at, UserId, Reason };
      const { body, headers } = signedCallback(KEY, APP, {
        type,
        info: { ...info, Role: 20, TerminalType: 4, UserType: 1, SomethingNew: {} },
        ...(sentAt !== undefined && { sentAt }),
      });
      return post(body, headers);
    }

    it('make the call ready where the agent has said so before', async () => {
      assert.equal((await agentSays()).state, 'accepted');
      assert.equal(await state(), 'accepted');
      const response = await trtcSays(ENTERED, {});
      assert.deepEqual([response.status, await response.json()], [200, { code: 0 }]);
      assert.equal(await state(), 'ready');
      assert.ok(await world.visitorJoin(call.room));
    });

    it('and where the agent says so after; the number of the room may stand in quotes', async () => {
      await trtcSays(ENTERED, { RoomId: String(call.room) });
      assert.equal(await state(), 'accepted');
      assert.equal((await agentSays()).state, 'ready');
      assert.equal(await state(), 'ready');
    });

    it('make it ready once, however often and in whichever moment they come', async () => {
      await Promise.all([agentSays(), ...[1, 2, 3].map(() => trtcSays(ENTERED, {}))]);
      assert.equal(await state(), 'ready');
      assert.ok(await world.visitorJoin(call.room));
      const steps = await world.steps(visitor.callId);
      assert.deepEqual(steps.slice(-2), [
        'offered→accepted accepted',
        'accepted→ready agent-in-room',
      ]);
    });

    it('count in the order of TRTC’s clock, not in that of their coming', async () => {
      await trtcSays(LEFT, { at: 2000 });
      await trtcSays(ENTERED, { at: 1000 });
      await agentSays();
      assert.equal(await state(), 'accepted');
      await trtcSays(ENTERED, { at: 3000 });
      assert.equal(await state(), 'ready');
    });

    it('that tell of others or of nothing that matters change nothing, and are answered', async () => {
      await agentSays();
      const other = await trtcSays(ENTERED, { UserId: 'somebody-else' });
      const elsewhere = await trtcSays(ENTERED, { RoomId: call.room === 7 ? 8 : 7 });
      const named = await trtcSays(ENTERED, { RoomId: 'a room with a name' });
      const created = await trtcSays(101, {});
      for (const response of [other, elsewhere, named, created]) assert.equal(response.status, 200);
      const foreign = signedCallback(KEY, APP + 1, {
        type: ENTERED,
        info: { RoomId: call.room, EventMsTs: 1000, UserId: call.participant },
      });
      assert.equal((await post(foreign.body, foreign.headers)).status, 200);
      assert.equal(await state(), 'accepted');
    });

    it('are believed only with the key’s signature over the very bytes, and only when new', async () => {
      await agentSays();
      const info = { RoomId: call.room, EventMsTs: 1000, UserId: call.participant };
      const { body, headers } = signedCallback(KEY, APP, { type: ENTERED, info });
      const without = (({ sign: _, ...rest }) => rest)(headers as Record<'sign', string>);
      const refused = [
        await post(body, without),
        await post(body, { ...headers, sign: sign(body, 'AnotherKey') }),
        await post(body, { ...headers, sign: 'nonsense' }),
        await post(`${body} `, headers),
        await trtcSays(ENTERED, {}, Date.now() - 6 * 60_000),
        await trtcSays(ENTERED, {}, Date.now() + 6 * 60_000),
      ];
      for (const response of refused) assert.equal(response.status, 401);
      assert.equal(await state(), 'accepted');
    });

    it('that are none or too large are refused, and none of their content is logged', async () => {
      const marker = 'A-SENTENCE-THAT-SHOULD-NOT-BE-IN-ANY-LOG';
      for (const body of [`{"${marker}`, `["${marker}"]`, `{"EventGroupId":"${marker}"}`, '']) {
        const { status } = await post(body, { sign: sign(body, KEY), sdkappid: String(APP) });
        assert.equal(status, 400, body);
      }
      const large = JSON.stringify({ [marker]: 'x'.repeat(17 * 1024) });
      assert.equal((await post(large, { sign: sign(large, KEY) })).status, 413);
      await trtcSays(ENTERED, { UserId: marker.slice(0, 32) });
      assert.doesNotMatch(http.log.join(''), new RegExp(`${marker.slice(0, 32)}|${KEY}`));
      const metrics = await (await http.get('/metrics')).text();
      assert.match(metrics, /rtc_desk_trtc_callbacks_total\{outcome="malformed"\} [1-9]/);
      assert.match(metrics, /rtc_desk_trtc_callbacks_total\{outcome="unsigned"\} [1-9]/);
    });

    it('that never come let the call go back into the queue, and its record says why', async () => {
      await agentSays();
      await world.shift('calls', visitor.callId, 'enter_by', 16);
      await world.sweep();
      assert.equal((await world.steps(visitor.callId)).at(-1), 'accepted→queued no-trtc-callback');
    });

    it('end the wait for a person whose socket is gone and whom TRTC saw vanish', async () => {
      await trtcSays(ENTERED, {});
      await agentSays();
      const participant = await world.visitorJoin(call.room);
      await enterRoom(test.db, { room: call.room, participant, connectionId: visitor.connection });
      await closeConnection(test.db, visitor.connection);
      await world.shift('calls', visitor.callId, 'visitor_gone_at', 10);
      // Whoever leaves by themselves may be loading the page anew.
      await trtcSays(LEFT, { UserId: participant, at: 2000, Reason: 1 });
      await world.sweep();
      assert.equal(await state(), 'connected');
      await trtcSays(LEFT, { UserId: participant, at: 3000, Reason: 2 });
      await world.sweep();
      assert.equal((await world.call(visitor.callId)).ended_reason, 'visitor-gone');
    });

    it('say nothing any more about a room that has fallen back to the built-in media', async () => {
      await fallBack(test.db, call);
      await agentSays();
      assert.equal(await state(), 'ready');
      const participant = await world.visitorJoin(call.room);
      await enterRoom(test.db, { room: call.room, participant, connectionId: visitor.connection });
      await trtcSays(LEFT, { Reason: 2 });
      await closeConnection(test.db, agent.tab);
      await world.shift('agents', agent.id, 'gone_at', 10);
      await world.sweep();
      assert.equal(await state(), 'connected');
    });
  });
});
