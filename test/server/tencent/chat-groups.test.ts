import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { AcceptedLeg } from '../../../src/server/legs/accept-offer.ts';
import { closeRoom } from '../../../src/server/rooms/close-room.ts';
import { createRoom } from '../../../src/server/rooms/create-room.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { fallBack } from '../../../src/server/rooms/fall-back.ts';
import { issueParticipant } from '../../../src/server/rooms/issue-participant.ts';
import { forgetOldMessages } from '../../../src/server/outbox/outbox.ts';
import { ChatGroups } from '../../../src/server/tencent/chat-groups.ts';
import { OutboxDelivery } from '../../../src/server/outbox/outbox-delivery.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { ImApi } from '../../support/im-api.ts';
import { TEST_TRTC } from '../../support/test-trtc.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { CallWorld, type TestAgent, type TestVisitor } from '../calls/call-world.ts';
import { outboxRows } from '../outbox/outbox-rows.ts';

const media = { trtc: true, confirmedByCallback: false };

describe('groups of conversations on IM', () => {
  onBothDatabases((test) => {
    const warnings: object[] = [];
    let api: ImApi;
    let delivery: OutboxDelivery<'im'>;
    let world: CallWorld;
    let agent: TestAgent;
    let visitor: TestVisitor;
    let call: AcceptedLeg;

    const logger = { info: () => undefined, warn: (what: object) => void warnings.push(what) };
    const deliveryWith = (secretKey: string) =>
      new OutboxDelivery(
        test.db,
        new ChatGroups({ ...TEST_TRTC, secretKey }, api.endpoint),
        logger,
      );

    before(async () => {
      api = await ImApi.open(TEST_TRTC.sdkAppId, TEST_TRTC.secretKey);
      delivery = deliveryWith(TEST_TRTC.secretKey);
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
    const { waiting, becomeDue, postpone, age } = outboxRows(() => test.db, 'im');
    const told = () => api.requests.map(({ command, body }) => ({ command, body }));
    const order = (room: number) => ({
      command: '/v4/group_open_http_svc/destroy_group',
      body: { GroupId: String(room) },
    });

    it('are taken down after a call’s end, when the person who made them had the time for it', async () => {
      await end();
      assert.deepEqual(await waiting(), [{ attempts: 0, pause: 30 }]);
      await postpone();
      await delivery.work();
      assert.deepEqual(told(), []);
      await becomeDue();
      await delivery.work();
      assert.deepEqual(told(), [order(call.room)]);
      assert.deepEqual([await waiting(), warnings], [[], []]);
      await delivery.work();
      assert.equal(api.requests.length, 1);
    });

    it('are taken down in the administrator’s name, with a signature of five minutes', async () => {
      const before = Date.now();
      await end();
      await becomeDue();
      await delivery.work();
      const [{ signature }] = api.requests as [(typeof api.requests)[0]];
      const { user, app, map, expiresAt } = signature;
      assert.deepEqual([user, app, map], ['administrator', TEST_TRTC.sdkAppId, null]);
      const lives = expiresAt - before;
      // The signature’s times are whole seconds.
      assert.ok(lives >= 299_000 && lives <= 300_000 + (Date.now() - before), `${lives} ms`);
    });

    it('are taken down also if the room fell back or belongs to no call, and never for a room that was not TRTC’s', async () => {
      await fallBack(test.db, { room: call.room, participant: call.participant });
      await end();
      const meeting = await createRoom(test.db, { siteId: 'shop', media });
      const holder = { role: 'guest', name: 'Ada', verified: true, subject: 'ada' } as const;
      await issueParticipant(test.db, { room: meeting, holder });
      const builtIn = await createRoom(test.db, { siteId: 'shop' });
      for (const room of [meeting, builtIn]) await closeRoom(test.db, { siteId: 'shop', room });
      await becomeDue();
      await delivery.work();
      assert.deepEqual(warnings, []);
      const groups = told().map(({ body }) => Number((body as { GroupId: string }).GroupId));
      assert.deepEqual(
        groups.sort((a, b) => a - b),
        [call.room, meeting].sort((a, b) => a - b),
      );
    });

    it('count as taken down if they are gone already, as after every proper end', async () => {
      for (const code of [10_010, 10_015]) {
        api.answer = () => ({ code, info: 'group not exist' });
        const room = await createRoom(test.db, { siteId: 'shop', media });
        await closeRoom(test.db, { siteId: 'shop', room });
        await becomeDue();
        await delivery.work();
        assert.deepEqual([await waiting(), warnings], [[], []]);
      }
      assert.equal(api.requests.length, 2);
    });

    it('are tried again, later each time up to an hour, and given up after a day', async () => {
      const answers = [{ code: 10_002 }, { status: 502 }, { code: 60_008, info: 'timeout' }];
      api.answer = () => answers.shift() ?? {};
      await end();
      for (let attempts = 1; attempts <= 3; attempts += 1) {
        await becomeDue();
        await delivery.work();
        const [row] = await waiting();
        assert.equal(row?.attempts, attempts);
        // It counts from the failure, which comes after the moment at which it was due.
        assert.ok(row.pause >= 2 ** attempts, `${row.pause} s after ${attempts} attempts`);
      }
      assert.equal(warnings.length, 1);
      await test.db.query('update outbox set attempts = 30');
      api.answer = () => ({ code: 10_002 });
      await becomeDue();
      await delivery.work();
      const [row] = await waiting();
      assert.ok(row && row.pause >= 3_600 && row.pause < 2 * 3_600, `${row?.pause} s`);
      await age('23 hours');
      await forgetOldMessages(test.db);
      assert.equal((await waiting()).length, 1);
      await age('25 hours');
      await forgetOldMessages(test.db);
      assert.deepEqual(await waiting(), []);
    });

    it('do not wait for TRTC’s rooms', async () => {
      await end();
      await becomeDue();
      const stuck = new OutboxDelivery(
        test.db,
        { service: 'trtc', deliver: () => new Promise(() => undefined) },
        logger,
      );
      void stuck.work();
      await delivery.work();
      assert.deepEqual(told(), [order(call.room)]);
    });

    it('are left to another node if this one stops in the middle', async () => {
      await end();
      await becomeDue();
      api.answer = () => 'never';
      const working = delivery.work();
      await waitUntil('it has asked', () => api.requests.length === 1);
      await delivery.stop();
      await working;
      assert.deepEqual([(await waiting()).length, warnings], [1, []]);
      const stopped = new ChatGroups(TEST_TRTC, api.endpoint).deliver(
        { payload: { room: call.room } },
        AbortSignal.abort(),
      );
      await assert.rejects(stopped, { name: 'AbortError' });
      delivery = deliveryWith(TEST_TRTC.secretKey);
      api.answer = () => ({});
      await delivery.work();
      assert.equal(api.requests.length, 1);
      await becomeDue();
      await delivery.work();
      assert.deepEqual(await waiting(), []);
    });

    it('stay where the key is wrong or IM points elsewhere; what is logged holds no signature', async () => {
      await end();
      await becomeDue();
      await deliveryWith('another-key-entirely').work();
      assert.deepEqual(told(), []);
      const elsewhere = await ImApi.open(TEST_TRTC.sdkAppId, TEST_TRTC.secretKey);
      try {
        const { protocol, host } = elsewhere.endpoint;
        api.answer = ({ address }) => ({
          status: 307,
          location: `${protocol}${host}${address}`,
        });
        await test.db.query('update outbox set attempts = 0');
        await becomeDue();
        await delivery.work();
        assert.deepEqual(elsewhere.requests, []);
        assert.equal((await waiting()).length, 1);
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
