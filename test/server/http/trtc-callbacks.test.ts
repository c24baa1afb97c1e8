import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { AcceptedLeg } from '../../../src/server/legs/accept-offer.ts';
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
    let call: AcceptedLeg;

    before(async () => {
      http = await HttpFixture.open(test.db, { trtc });
    });
    after(() => http?.close());
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      agent = await world.agent('Alice');
      visitor = await world.visitor();
      call = await world.accepted(visitor, agent, { trtc: true, confirmedByCallback: true });
    });

    const state = async () => (await world.call(visitor.callId)).state;
    const agentEnters = () => enterRoom(test.db, { ...call, connectionId: agent.tab });
    const post = (body: string, headers: Record<string, string>) =>
      http.post('/hooks/trtc', body, headers);

    /** TRTC reports about a participant; `at` in ms by TRTC's clock. */
    async function trtcReports(
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

    it('make the call ready if the agent has entered before', async () => {
      assert.equal((await agentEnters()).state, 'accepted');
      assert.equal(await state(), 'accepted');
      const response = await trtcReports(ENTERED, {});
      assert.deepEqual([response.status, await response.json()], [200, { code: 0 }]);
      assert.equal(await state(), 'ready');
      assert.ok(await world.visitorParticipant(call.room));
    });

    it('make the call ready if the agent enters after; the room’s number may be a string', async () => {
      await trtcReports(ENTERED, { RoomId: String(call.room) });
      assert.equal(await state(), 'accepted');
      assert.equal((await agentEnters()).state, 'ready');
      assert.equal(await state(), 'ready');
    });

    it('make the call ready once, however often they come', async () => {
      await Promise.all([agentEnters(), ...[1, 2, 3].map(() => trtcReports(ENTERED, {}))]);
      assert.equal(await state(), 'ready');
      assert.ok(await world.visitorParticipant(call.room));
      const events = await world.events(visitor.callId);
      assert.deepEqual(events.slice(-2), ['accepted', 'ready']);
    });

    it('count in the order of TRTC’s clock, not of their arrival', async () => {
      await trtcReports(LEFT, { at: 2000 });
      await trtcReports(ENTERED, { at: 1000 });
      await agentEnters();
      assert.equal(await state(), 'accepted');
      await trtcReports(ENTERED, { at: 3000 });
      assert.equal(await state(), 'ready');
    });

    it('about other people or other events change nothing, and are answered', async () => {
      await agentEnters();
      const other = await trtcReports(ENTERED, { UserId: 'somebody-else' });
      const elsewhere = await trtcReports(ENTERED, { RoomId: call.room === 7 ? 8 : 7 });
      const named = await trtcReports(ENTERED, { RoomId: 'a room with a name' });
      const created = await trtcReports(101, {});
      for (const response of [other, elsewhere, named, created]) assert.equal(response.status, 200);
      const foreign = signedCallback(KEY, APP + 1, {
        type: ENTERED,
        info: { RoomId: call.room, EventMsTs: 1000, UserId: call.participant },
      });
      assert.equal((await post(foreign.body, foreign.headers)).status, 200);
      assert.equal(await state(), 'accepted');
    });

    it('count only if they are signed with the key and new', async () => {
      await agentEnters();
      const info = { RoomId: call.room, EventMsTs: 1000, UserId: call.participant };
      const { body, headers } = signedCallback(KEY, APP, { type: ENTERED, info });
      const without = (({ sign: _, ...rest }) => rest)(headers as Record<'sign', string>);
      const refused = [
        await post(body, without),
        await post(body, { ...headers, sign: sign(body, 'AnotherKey') }),
        await post(body, { ...headers, sign: 'nonsense' }),
        await post(`${body} `, headers),
        await trtcReports(ENTERED, {}, Date.now() - 6 * 60_000),
        await trtcReports(ENTERED, {}, Date.now() + 6 * 60_000),
      ];
      for (const response of refused) assert.equal(response.status, 401);
      assert.equal(await state(), 'accepted');
    });

    it('that are malformed or too large are refused, and their content is not logged', async () => {
      const marker = 'A-SENTENCE-THAT-SHOULD-NOT-BE-IN-ANY-LOG';
      for (const body of [`{"${marker}`, `["${marker}"]`, `{"EventGroupId":"${marker}"}`, '']) {
        const { status } = await post(body, { sign: sign(body, KEY), sdkappid: String(APP) });
        assert.equal(status, 400, body);
      }
      const large = JSON.stringify({ [marker]: 'x'.repeat(17 * 1024) });
      assert.equal((await post(large, { sign: sign(large, KEY) })).status, 413);
      await trtcReports(ENTERED, { UserId: marker.slice(0, 32) });
      assert.doesNotMatch(http.log.join(''), new RegExp(`${marker.slice(0, 32)}|${KEY}`));
      const metrics = await (await http.get('/metrics')).text();
      assert.match(metrics, /rtc_desk_trtc_callbacks_total\{outcome="malformed"\} [1-9]/);
      assert.match(metrics, /rtc_desk_trtc_callbacks_total\{outcome="unsigned"\} [1-9]/);
    });

    it('that do not come send the call back to the queue, and its events say why', async () => {
      await agentEnters();
      await world.shift('legs', call.legId, 'deadline', 16);
      await world.sweep();
      assert.equal((await world.call(visitor.callId)).state, 'queued');
      assert.equal((await world.leg(call.legId)).end_reason, 'no-trtc-callback');
      assert.match((await world.events(visitor.callId)).join(), /no-trtc-callback/);
    });

    it('end the wait for a visitor whose socket is gone and who vanished from TRTC', async () => {
      await trtcReports(ENTERED, {});
      await agentEnters();
      const participant = await world.visitorParticipant(call.room);
      await enterRoom(test.db, { room: call.room, participant, connectionId: visitor.connection });
      await closeConnection(test.db, visitor.connection);
      await world.shift('calls', visitor.callId, 'visitor_gone_at', 10);
      // A visitor who leaves in the usual way may be reloading the page.
      await trtcReports(LEFT, { UserId: participant, at: 2000, Reason: 1 });
      await world.sweep();
      assert.equal(await state(), 'connected');
      await trtcReports(LEFT, { UserId: participant, at: 3000, Reason: 2 });
      await world.sweep();
      assert.equal((await world.call(visitor.callId)).ended_reason, 'visitor-gone');
    });

    it('change nothing for a room that has fallen back to the built-in media', async () => {
      await fallBack(test.db, call);
      await agentEnters();
      assert.equal(await state(), 'ready');
      const participant = await world.visitorParticipant(call.room);
      await enterRoom(test.db, { room: call.room, participant, connectionId: visitor.connection });
      await trtcReports(LEFT, { Reason: 2 });
      await closeConnection(test.db, agent.tab);
      await world.shift('agents', agent.id, 'gone_at', 10);
      await world.sweep();
      assert.equal(await state(), 'connected');
    });
  });
});
