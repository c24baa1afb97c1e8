import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { AcceptedLeg } from '../../../src/server/legs/accept-offer.ts';
import { closeRoom } from '../../../src/server/rooms/close-room.ts';
import { createRoom } from '../../../src/server/rooms/create-room.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { fallBack } from '../../../src/server/rooms/fall-back.ts';
import { issueParticipant } from '../../../src/server/rooms/issue-participant.ts';
import { forgetOldMessages } from '../../../src/server/outbox/outbox.ts';
import { CloudRooms } from '../../../src/server/tencent/cloud-rooms.ts';
import { OutboxDelivery } from '../../../src/server/outbox/outbox-delivery.ts';
import { CloudApi } from '../../support/cloud-api.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { CallWorld, type TestAgent, type TestVisitor } from '../calls/call-world.ts';
import { outboxRows } from './outbox-rows.ts';

const ID = 'AKIDthe-secret-id';
const KEY = 'the-secret-key-of-the-cloud-account';
const APP = { sdkAppId: 1_400_000_123 };
const media = { trtc: true, confirmedByCallback: false };

describe('rooms in TRTC’s cloud', () => {
  onBothDatabases((test) => {
    const warnings: object[] = [];
    let api: CloudApi;
    let delivery: OutboxDelivery<'trtc'>;
    let world: CallWorld;
    let agent: TestAgent;
    let visitor: TestVisitor;
    let call: AcceptedLeg;

    const deliveryWith = async (secretKey: string) => {
      const cloud = await CloudRooms.open(
        APP,
        { secretId: ID, secretKey, region: 'ap-guangzhou' },
        api.endpoint,
      );
      return new OutboxDelivery(test.db, cloud, {
        info: () => undefined,
        warn: (what: object) => void warnings.push(what),
      });
    };

    before(async () => {
      api = await CloudApi.open(ID, KEY);
      delivery = await deliveryWith(KEY);
    });
    after(() => api?.close());
    beforeEach(async () => {
      api.requests.length = 0;
      api.answer = () => null;
      warnings.length = 0;
      world = await CallWorld.make(test.db, test.nodeId);
      agent = await world.agent('Alice');
      visitor = await world.visitor();
      call = await world.ready(visitor, agent, media);
    });

    const { waiting, becomeDue, postpone, age } = outboxRows(() => test.db, 'trtc');
    const end = () => endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
    const dismissal = (room: number) => ({
      action: 'DismissRoom',
      version: '2019-07-22',
      region: 'ap-guangzhou',
      body: { SdkAppId: APP.sdkAppId, RoomId: room },
    });

    it('are closed when the call has ended, after people have had the time to leave by themselves', async () => {
      await end();
      assert.deepEqual(await waiting(), [{ attempts: 0, pause: 3 }]);
      await postpone();
      await delivery.work();
      assert.deepEqual(api.requests, []);
      await becomeDue();
      await delivery.work();
      assert.deepEqual(api.requests, [dismissal(call.room)]);
      assert.deepEqual(await waiting(), []);
      await delivery.work();
      assert.equal(api.requests.length, 1);
    });

    it('are closed also if the call went back into the queue, if a room fell back, and if it belongs to no call', async () => {
      await world.shift('calls', visitor.callId, 'enter_by', 120);
      await test.db.query('delete from connections where id = $1', [agent.tab]);
      await test.db.query(`update agents set gone_at = now() - interval '1 minute'`);
      await world.sweep();
      assert.equal((await world.call(visitor.callId)).state, 'queued');
      const meeting = await createRoom(test.db, { siteId: 'shop', media });
      const holder = { role: 'guest', name: 'Ada', verified: true, subject: 'ada' } as const;
      const participant = await issueParticipant(test.db, { room: meeting, holder });
      await fallBack(test.db, { room: meeting, participant });
      const builtIn = await createRoom(test.db, { siteId: 'shop' });
      for (const room of [meeting, builtIn]) await closeRoom(test.db, { siteId: 'shop', room });
      await becomeDue();
      await delivery.work();
      const rooms = api.requests.map(({ body }) => body['RoomId'] as number);
      assert.deepEqual(
        rooms.sort((a, b) => a - b),
        [call.room, meeting].sort((a, b) => a - b),
      );
    });

    it('lose the earlier participant of a person who gets another one', async () => {
      const { room } = call;
      await issueParticipant(test.db, { room, holder: { role: 'agent', legId: call.legId } });
      // The visitor never entered as the first one.
      await issueParticipant(test.db, {
        room,
        holder: { role: 'visitor', callId: visitor.callId },
      });
      await becomeDue();
      await delivery.work();
      assert.deepEqual(api.requests, [
        {
          ...dismissal(room),
          action: 'RemoveUser',
          body: { SdkAppId: APP.sdkAppId, RoomId: room, UserIds: [call.participant] },
        },
      ]);
    });

    it('count as closed if they are gone already', async () => {
      api.answer = () => ({ code: 'FailedOperation.RoomNotExist' });
      await end();
      await becomeDue();
      await delivery.work();
      assert.deepEqual([await waiting(), warnings], [[], []]);
    });

    it('are tried again, later each time, and given up when nobody can be inside any more', async () => {
      const answers = [
        { code: 'InternalError' },
        { status: 502 },
        { code: 'RequestLimitExceeded' },
      ];
      api.answer = () => answers.shift() ?? null;
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
      await age('9 minutes');
      await forgetOldMessages(test.db);
      assert.equal((await waiting()).length, 1);
      await age('11 minutes');
      await forgetOldMessages(test.db);
      assert.deepEqual(await waiting(), []);
    });

    it('are closed by another node if the first one died on the way', async () => {
      await end();
      await becomeDue();
      // Its process ends before the cloud has answered.
      const dying = new OutboxDelivery(
        test.db,
        { service: 'trtc', deliver: () => new Promise(() => undefined) },
        { info: () => undefined, warn: () => undefined },
      );
      void dying.work();
      await waitUntil('it has begun', async () => (await waiting())[0]?.attempts === 1);
      await delivery.work();
      assert.deepEqual(api.requests, []);
      await becomeDue();
      await delivery.work();
      assert.deepEqual(api.requests, [dismissal(call.room)]);
    });

    it('stay where the key is wrong, and what is logged does not hold the key', async () => {
      const wrong = await deliveryWith('another-key-entirely');
      await end();
      await becomeDue();
      await wrong.work();
      assert.deepEqual(api.requests, []);
      assert.equal((await waiting()).length, 1);
      const [{ err }] = warnings as [{ err: Error & { code: string } }];
      assert.equal(err.code, 'AuthFailure.SignatureFailure');
      assert.doesNotMatch(`${err.stack}${JSON.stringify(err)}`, /another-key-entirely/);
    });
  });
});
