import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { AcceptedCall } from '../../../src/server/legs/accept-offer.ts';
import { closeRoom } from '../../../src/server/rooms/close-room.ts';
import { createRoom } from '../../../src/server/rooms/create-room.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { fallBack } from '../../../src/server/rooms/fall-back.ts';
import { issueParticipant } from '../../../src/server/rooms/issue-participant.ts';
import { forgetOldRemovals } from '../../../src/server/outbox/outbox.ts';
import { ChatGroups } from '../../../src/server/tencent/chat-groups.ts';
import { RoomCloser } from '../../../src/server/outbox/outbox-delivery.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { ImApi } from '../../support/im-api.ts';
import { TEST_TRTC } from '../../support/test-trtc.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { CallWorld, type TestAgent, type TestVisitor } from '../calls/call-world.ts';
import { waitingRemovals } from '../outbox/waiting-messages.ts';

const media = { trtc: true, witnessed: false };

describe('groups of conversations on IM', () => {
  onBothDatabases((test) => {
    const warnings: object[] = [];
    let api: ImApi;
    let closer: RoomCloser;
    let world: CallWorld;
    let agent: TestAgent;
    let visitor: TestVisitor;
    let call: AcceptedCall;

    const logger = { info: () => undefined, warn: (what: object) => void warnings.push(what) };
    const closerWith = (secretKey: string) =>
      new RoomCloser(test.db, new ChatGroups({ ...TEST_TRTC, secretKey }, api.endpoint), logger);

    before(async () => {
      api = await ImApi.open(TEST_TRTC.sdkAppId, TEST_TRTC.secretKey);
      closer = closerWith(TEST_TRTC.secretKey);
    });
    after(() => api?.close());
    beforeEach(async () => {
      api.requests.length = 0;
      api.answer = () => ({});
      warnings.length = 0;
      world = await CallWorld.make(test.db, test.nodeId);
      agent = await world.agent('Alice');
      visitor = await world.visitor();
      call = await world.ready(visitor, agent, media);
    });

    const end = () => endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
    const { left, later, notYet } = waitingRemovals(() => test.db, 'im');
    const age = (time: string) =>
      test.db.query('update trtc_removals set created_at = now() - $1::interval', [time]);
    const told = () => api.requests.map(({ command, body }) => ({ command, body }));
    const order = (room: number) => ({
      command: '/v4/group_open_http_svc/destroy_group',
      body: { GroupId: String(room) },
    });

    it('are taken down after a call’s end, once whoever made them had the time to', async () => {
      await end();
      assert.deepEqual(await left(), [{ tries: 0, pause: 30 }]);
      await notYet();
      await closer.work();
      assert.deepEqual(told(), []);
      await later();
      await closer.work();
      assert.deepEqual(told(), [order(call.room)]);
      assert.deepEqual([await left(), warnings], [[], []]);
      await closer.work();
      assert.equal(api.requests.length, 1);
    });

    it('are taken down in the administrator’s name, with a signature that is soon good for nothing', async () => {
      const before = Date.now();
      await end();
      await later();
      await closer.work();
      const [{ signature }] = api.requests as [(typeof api.requests)[0]];
      const { user, app, map, expiresAt } = signature;
      assert.deepEqual([user, app, map], ['administrator', TEST_TRTC.sdkAppId, null]);
      const lives = expiresAt - before;
      // Its clock knows whole seconds.
      assert.ok(lives >= 299_000 && lives <= 300_000 + (Date.now() - before), `${lives} ms`);
    });

    it('are taken down also where the room fell back or was no call, and only where one may have been', async () => {
      await fallBack(test.db, { room: call.room, participant: call.participant });
      await end();
      const meeting = await createRoom(test.db, { siteId: 'shop', media });
      const joiner = { role: 'guest', name: 'Ada', verified: true, subject: 'ada' } as const;
      await issueParticipant(test.db, { room: meeting, joiner });
      const builtIn = await createRoom(test.db, { siteId: 'shop' });
      for (const room of [meeting, builtIn]) await closeRoom(test.db, { siteId: 'shop', room });
      await later();
      await closer.work();
      const groups = told().map(({ body }) => Number((body as { GroupId: string }).GroupId));
      assert.deepEqual(
        groups.sort((a, b) => a - b),
        [call.room, meeting].sort((a, b) => a - b),
      );
    });

    it('that are gone already, as after every proper end, count as taken down', async () => {
      for (const code of [10_010, 10_015]) {
        api.answer = () => ({ code, info: 'group not exist' });
        const room = await createRoom(test.db, { siteId: 'shop', media });
        await closeRoom(test.db, { siteId: 'shop', room });
        await later();
        await closer.work();
        assert.deepEqual([await left(), warnings], [[], []]);
      }
      assert.equal(api.requests.length, 2);
    });

    it('are tried again, later each time up to an hour, and given up after a day', async () => {
      const answers = [{ code: 10_002 }, { status: 502 }, { code: 60_008, info: 'timeout' }];
      api.answer = () => answers.shift() ?? {};
      await end();
      for (let tries = 1; tries <= 3; tries += 1) {
        await later();
        await closer.work();
        const [row] = await left();
        assert.equal(row?.tries, tries);
        // From the moment at which it failed, and so longer than from that at which it was due.
        assert.ok(row.pause >= 2 ** tries, `${row.pause} s after ${tries} tries`);
      }
      assert.equal(warnings.length, 1);
      await test.db.query('update trtc_removals set tries = 30');
      api.answer = () => ({ code: 10_002 });
      await later();
      await closer.work();
      const [row] = await left();
      assert.ok(row && row.pause >= 3_600 && row.pause < 2 * 3_600, `${row?.pause} s`);
      await age('23 hours');
      await forgetOldRemovals(test.db);
      assert.equal((await left()).length, 1);
      await age('25 hours');
      await forgetOldRemovals(test.db);
      assert.deepEqual(await left(), []);
    });

    it('do not wait for TRTC’s rooms, nor those for them', async () => {
      await end();
      await later();
      const stuck = new RoomCloser(
        test.db,
        { service: 'trtc', remove: () => new Promise(() => undefined) },
        logger,
      );
      void stuck.work();
      await closer.work();
      assert.deepEqual(told(), [order(call.room)]);
    });

    it('are left to another node where this one stops in the middle', async () => {
      await end();
      await later();
      api.answer = () => 'never';
      const working = closer.work();
      await waitUntil('it has asked', () => api.requests.length === 1);
      await closer.stop();
      await working;
      assert.deepEqual([(await left()).length, warnings], [1, []]);
      const stopped = new ChatGroups(TEST_TRTC, api.endpoint).remove(call, AbortSignal.abort());
      await assert.rejects(stopped, { name: 'AbortError' });
      closer = closerWith(TEST_TRTC.secretKey);
      api.answer = () => ({});
      await closer.work();
      assert.equal(api.requests.length, 1);
      await later();
      await closer.work();
      assert.deepEqual(await left(), []);
    });

    it('stay where the key is wrong or IM points elsewhere; what is logged holds no signature', async () => {
      await end();
      await later();
      await closerWith('another-key-entirely').work();
      assert.deepEqual(told(), []);
      const elsewhere = await ImApi.open(TEST_TRTC.sdkAppId, TEST_TRTC.secretKey);
      try {
        const { protocol, host } = elsewhere.endpoint;
        api.answer = ({ address }) => ({
          status: 307,
          location: `${protocol}${host}${address}`,
        });
        await test.db.query('update trtc_removals set tries = 0');
        await later();
        await closer.work();
        assert.deepEqual(elsewhere.requests, []);
        assert.equal((await left()).length, 1);
        assert.equal(warnings.length, 2);
        const logged = warnings.map((warning) => {
          const { err } = warning as { err: Error };
          return `${err.stack}${JSON.stringify(err)}${String(err.cause)}`;
        });
        assert.match(logged[0] ?? '', /IM answered 70003: no signature: …/);
        const [{ userSig }] = api.requests as [(typeof api.requests)[0]];
        for (const line of logged) {
          assert.ok(!line.includes(userSig) && !line.includes('another-key-entirely'), line);
          assert.doesNotMatch(line, /usersig=|a-secret-key/);
        }
      } finally {
        await elsewhere.close();
      }
    });
  });
});
