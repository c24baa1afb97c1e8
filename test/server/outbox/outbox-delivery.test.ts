import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { AcceptedCall } from '../../../src/server/legs/accept-offer.ts';
import { closeRoom } from '../../../src/server/rooms/close-room.ts';
import { createRoom } from '../../../src/server/rooms/create-room.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { fallBack } from '../../../src/server/rooms/fall-back.ts';
import { issueParticipant } from '../../../src/server/rooms/issue-participant.ts';
import { forgetOldRemovals } from '../../../src/server/outbox/outbox.ts';
import { CloudRooms } from '../../../src/server/tencent/cloud-rooms.ts';
import { RoomCloser } from '../../../src/server/outbox/outbox-delivery.ts';
import { CloudApi } from '../../support/cloud-api.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { CallWorld, type TestAgent, type TestVisitor } from '../calls/call-world.ts';
import { waitingRemovals } from './waiting-messages.ts';

const ID = 'AKIDthe-secret-id';
const KEY = 'the-secret-key-of-the-cloud-account';
const APP = { sdkAppId: 1_400_000_123 };
const media = { trtc: true, witnessed: false };

describe('rooms in TRTC’s cloud', () => {
  onBothDatabases((test) => {
    const warnings: object[] = [];
    let api: CloudApi;
    let closer: RoomCloser;
    let world: CallWorld;
    let agent: TestAgent;
    let visitor: TestVisitor;
    let call: AcceptedCall;

    const closerWith = async (secretKey: string) => {
      const cloud = await CloudRooms.open(
        APP,
        { secretId: ID, secretKey, region: 'ap-guangzhou' },
        api.endpoint,
      );
      return new RoomCloser(test.db, cloud, {
        info: () => undefined,
        warn: (what: object) => void warnings.push(what),
      });
    };

    before(async () => {
      api = await CloudApi.open(ID, KEY);
      closer = await closerWith(KEY);
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

    const { left, later, notYet } = waitingRemovals(() => test.db, 'trtc');
    const end = () => endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
    const dismissal = (room: number) => ({
      action: 'DismissRoom',
      version: '2019-07-22',
      region: 'ap-guangzhou',
      body: { SdkAppId: APP.sdkAppId, RoomId: room },
    });

    it('are closed when the call has ended, once those who leave by themselves had time to', async () => {
      await end();
      assert.deepEqual(await left(), [{ tries: 0, pause: 3 }]);
      await notYet();
      await closer.work();
      assert.deepEqual(api.requests, []);
      await later();
      await closer.work();
      assert.deepEqual(api.requests, [dismissal(call.room)]);
      assert.deepEqual(await left(), []);
      await closer.work();
      assert.equal(api.requests.length, 1);
    });

    it('are closed also where the call went back into the queue, fell back, or was no call', async () => {
      await world.shift('calls', visitor.callId, 'enter_by', 120);
      await test.db.query('delete from connections where id = $1', [agent.tab]);
      await test.db.query(`update agents set gone_at = now() - interval '1 minute'`);
      await world.sweep();
      assert.equal((await world.call(visitor.callId)).state, 'queued');
      const meeting = await createRoom(test.db, { siteId: 'shop', media });
      const joiner = { role: 'guest', name: 'Ada', verified: true, subject: 'ada' } as const;
      const participant = await issueParticipant(test.db, { room: meeting, joiner });
      await fallBack(test.db, { room: meeting, participant });
      const builtIn = await createRoom(test.db, { siteId: 'shop' });
      for (const room of [meeting, builtIn]) await closeRoom(test.db, { siteId: 'shop', room });
      await later();
      await closer.work();
      const rooms = api.requests.map(({ body }) => body['RoomId'] as number);
      assert.deepEqual(
        rooms.sort((a, b) => a - b),
        [call.room, meeting].sort((a, b) => a - b),
      );
    });

    it('lose the earlier join of a person who has another one', async () => {
      const { room } = call;
      await issueParticipant(test.db, { room, joiner: { role: 'agent', agentId: agent.id } });
      // The visitor has never been inside with the first.
      await issueParticipant(test.db, { room, joiner: { role: 'visitor' } });
      await later();
      await closer.work();
      assert.deepEqual(api.requests, [
        {
          ...dismissal(room),
          action: 'RemoveUser',
          body: { SdkAppId: APP.sdkAppId, RoomId: room, UserIds: [call.participant] },
        },
      ]);
    });

    it('that are gone already count as closed', async () => {
      api.answer = () => ({ code: 'FailedOperation.RoomNotExist' });
      await end();
      await later();
      await closer.work();
      assert.deepEqual([await left(), warnings], [[], []]);
    });

    it('are tried again, later each time, and given up when nobody can be in there any more', async () => {
      const answers = [
        { code: 'InternalError' },
        { status: 502 },
        { code: 'RequestLimitExceeded' },
      ];
      api.answer = () => answers.shift() ?? null;
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
      await test.db.query(
        `update trtc_removals set created_at = created_at - interval '9 minutes'`,
      );
      await forgetOldRemovals(test.db);
      assert.equal((await left()).length, 1);
      await test.db.query(
        `update trtc_removals set created_at = created_at - interval '2 minutes'`,
      );
      await forgetOldRemovals(test.db);
      assert.deepEqual(await left(), []);
    });

    it('are closed by another node where the one that had begun died', async () => {
      await end();
      await later();
      // Its process ends before the cloud has answered.
      const dying = new RoomCloser(
        test.db,
        { service: 'trtc', remove: () => new Promise(() => undefined) },
        { info: () => undefined, warn: () => undefined },
      );
      void dying.work();
      await waitUntil('it has begun', async () => (await left())[0]?.tries === 1);
      await closer.work();
      assert.deepEqual(api.requests, []);
      await later();
      await closer.work();
      assert.deepEqual(api.requests, [dismissal(call.room)]);
    });

    it('are told nothing by the wrong key, whose refusal is logged without it', async () => {
      const wrong = await closerWith('another-key-entirely');
      await end();
      await later();
      await wrong.work();
      assert.deepEqual(api.requests, []);
      assert.equal((await left()).length, 1);
      const [{ err }] = warnings as [{ err: Error & { code: string } }];
      assert.equal(err.code, 'AuthFailure.SignatureFailure');
      assert.doesNotMatch(`${err.stack}${JSON.stringify(err)}`, /another-key-entirely/);
    });
  });
});
