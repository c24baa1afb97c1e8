import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { fallBack } from '../../../src/server/rooms/fall-back.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { RecordingCloud } from '../../support/recording-cloud.ts';
import { openSignature } from '../../support/open-signature.ts';
import { TEST_TRTC } from '../../support/test-trtc.ts';
import { CloudWorld } from './cloud-world.ts';

describe('recordings by TRTC’s cloud', () => {
  onBothDatabases((test) => {
    let cloud: RecordingCloud;
    before(async () => {
      cloud = await RecordingCloud.open();
    });
    after(() => cloud?.close());
    beforeEach(() => cloud.reset());
    const make = (...rest: [object?, { trtc: boolean; confirmedByCallback: boolean }?]) =>
      CloudWorld.make(test.db, test.nodeId, cloud, ...rest);

    it('begin as the call gets connected: mixed, side by side, with the time, in a room with a number', async () => {
      const world = await make();
      assert.deepEqual(cloud.actions, []);
      await world.deliver();
      assert.deepEqual(cloud.actions, ['CreateCloudRecording']);
      const { body, version } = cloud.api.requests[0]!;
      assert.equal(version, '2019-07-22');
      const { UserSig: sig, PrivateMapKey: mapKey, UserId: robot, ...said } = body;
      assert.deepEqual(said, {
        SdkAppId: TEST_TRTC.sdkAppId,
        RoomId: String(world.room),
        RoomIdType: 1,
        RecordParams: { RecordMode: 2, MaxIdleTime: 300, StreamType: 0, OutputFormat: 3 },
        StorageParams: {
          CloudStorage: {
            Vendor: 0,
            Region: 'ap-shanghai',
            Bucket: 'bank-1250000000',
            AccessKey: cloud.bucket.accessKey,
            SecretKey: cloud.bucket.secretKey,
            FileNamePrefix: ['calls', 'bank'],
          },
        },
        MixTranscodeParams: {
          VideoParams: { Width: 1280, Height: 480, Fps: 15, BitRate: 1_000_000, Gop: 10 },
        },
        MixLayoutParams: {
          MixLayoutMode: 3,
          WaterMarkList: [{ WaterMarkType: 2, WaterMarkTimestamp: { Pos: 1, TimeZone: 0 } }],
        },
      });
      assert.match(String(robot), /^recorder_[0-9a-f]{20}$/);
      const open = (signature: unknown) => openSignature(String(signature), TEST_TRTC.secretKey);
      assert.equal(open(sig).user, robot);
      // It hears and sees, sends nothing, and opens no room.
      assert.equal(open(mapKey).map?.bits, 2 | 8 | 32 | 128);
      const [task] = await world.tasks();
      assert.deepEqual([task?.state, task?.task], ['running', cloud.tasks[0]?.id]);
      assert.deepEqual(world.warnings, []);
    });

    it('end while it is paused and with the call; each part is a task of its own', async () => {
      const world = await make();
      await world.deliver();
      await world.change('pause');
      await world.deliver();
      assert.deepEqual(
        cloud.tasks.map(({ running }) => running),
        [false],
      );
      await world.change('resume');
      await world.deliver();
      assert.deepEqual(
        cloud.tasks.map(({ running }) => running),
        [false, true],
      );
      assert.notEqual(cloud.tasks[0]?.robot, cloud.tasks[1]?.robot);
      await world.end();
      await world.deliver();
      assert.deepEqual(
        cloud.tasks.map(({ running }) => running),
        [false, false],
      );
      assert.deepEqual(
        (await world.tasks()).map(({ state, wanted }) => [state, wanted]),
        [
          ['exited', false],
          ['exited', false],
        ],
      );
    });

    it('begin after the consent, not before', async () => {
      const world = await make({ askFirst: true });
      await world.deliver();
      assert.deepEqual([cloud.actions, await world.tasks()], [[], []]);
    });

    it('are never begun where the browser records, nor in a room of the built-in media', async () => {
      const inBrowser = await make({ by: 'browser' });
      assert.deepEqual(await inBrowser.tasks(), []);
      await test.empty();
      const builtIn = await make({}, { trtc: false, confirmedByCallback: false });
      assert.deepEqual(await builtIn.tasks(), []);
      assert.equal((await builtIn.recording())?.recorder, 'browser');
    });

    it('that are paused before TRTC was asked are never begun', async () => {
      const world = await make();
      await world.change('pause');
      await world.deliver();
      assert.deepEqual(cloud.actions, []);
      assert.equal((await world.tasks())[0]?.state, 'failed');
    });

    it('count as silent until TRTC answers: people are told, and told again when it goes on', async () => {
      const world = await make();
      cloud.refusals.set('CreateCloudRecording', 'InternalError');
      await world.deliver();
      await test.db.query(`update recordings set heard_at = heard_at - interval '9 seconds'`);
      await world.world.sweep();
      assert.equal((await world.recording())?.state, 'failed');
      cloud.refusals.clear();
      await world.deliver();
      await world.world.sweep();
      assert.equal((await world.recording())?.state, 'recording');
      assert.deepEqual(await world.recordingEvents(), [
        'recording-started',
        'recording-failed nothing-heard',
        'recording-resumed',
      ]);
      // From now on TRTC’s word counts, not its silence.
      await world.world.sweep();
      assert.equal((await world.recording())?.state, 'recording');
    });

    it('that TRTC refuses have failed at once, and the site’s rule may end the call', async () => {
      const world = await make({ onFailure: 'end' });
      cloud.refusals.set('CreateCloudRecording', 'InvalidParameterValue.StorageParams');
      await world.deliver();
      assert.deepEqual(await world.recordingEvents(), [
        'recording-started',
        'recording-failed cloud-refused',
      ]);
      const { state, ended_reason: reason } = await world.world.call(world.callId);
      assert.deepEqual([state, reason], ['ended', 'recording-failed']);
      await world.deliver();
      assert.deepEqual(cloud.actions, ['CreateCloudRecording']);
    });

    it('go on in the browser when the room falls back to the built-in media', async () => {
      const world = await make();
      await world.deliver();
      await test.db.query(`update sites set media_fallback = true`);
      const participant = await world.world.visitorParticipant(world.room);
      await fallBack(test.db, { room: world.room, participant });
      const recording = await world.recording();
      assert.deepEqual([recording?.recorder, recording?.state], ['browser', 'recording']);
      await world.deliver();
      assert.equal(cloud.tasks[0]?.running, false);
    });

    it('that TRTC has ended by itself go on with another task', async () => {
      const world = await make();
      await world.deliver();
      cloud.tasks[0]!.running = false;
      await world.reconcile();
      await world.deliver();
      assert.deepEqual(
        (await world.tasks()).map(({ state, wanted }) => [state, wanted]),
        [
          ['exited', false],
          ['running', true],
        ],
      );
      assert.equal(cloud.tasks[1]?.running, true);
    });

    it('that end as soon as they begin are given up: the recording has failed', async () => {
      const world = await make();
      for (let turn = 0; turn < 7; turn += 1) {
        await world.deliver();
        for (const task of cloud.tasks) task.running = false;
        await world.reconcile();
      }
      await test.db.query(`update recordings set heard_at = heard_at - interval '9 seconds'`);
      await world.world.sweep();
      assert.equal((await world.recording())?.state, 'failed');
      assert.equal((await world.tasks()).length, 5);
    });

    it('that nobody stopped are found and stopped', async () => {
      const world = await make();
      await world.deliver();
      await world.end();
      // The order is lost: no server delivered it in time.
      await test.db.query(`delete from outbox where service = 'cloud-recording'`);
      await world.reconcile();
      assert.equal(cloud.tasks[0]?.running, false);
      assert.equal((await world.tasks())[0]?.state, 'exited');
    });

    it('whose order was lost before it was carried out are ordered anew', async () => {
      const world = await make();
      await test.db.query(`delete from outbox where service = 'cloud-recording'`);
      await world.reconcile();
      await world.deliver();
      assert.equal((await world.tasks())[0]?.state, 'running');
    });

    it('log no key of the account or of the bucket when TRTC cannot be reached', async () => {
      const world = await make();
      cloud.refusals.set('CreateCloudRecording', 'InternalError');
      await world.deliver();
      const logged = world.warnings
        .map((warning) => (warning as { err: Error }).err)
        .map((error) => `${error.stack}${JSON.stringify(error)}`)
        .join('');
      assert.match(logged, /InternalError/);
      for (const secret of [cloud.bucket.secretKey, cloud.account.secretKey, TEST_TRTC.secretKey]) {
        assert.ok(!logged.includes(secret));
      }
    });
  });
});
