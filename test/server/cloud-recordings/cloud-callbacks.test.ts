import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { onBothDatabases } from '../../support/databases.ts';
import { RecordingCloud, type CloudTask } from '../../support/recording-cloud.ts';
import { TEST_TRTC } from '../../support/test-trtc.ts';
import type { SentCallback } from '../../support/trtc-callback.ts';
import { HttpFixture } from '../http/http-fixture.ts';
import { CloudWorld } from './cloud-world.ts';

const KEY = 'TheCallbackKey0123456789';
const STARTED = 301;
const EXITED = 302;
const UPLOADED = 305;
const STORED = 310;

describe('TRTC’s callbacks about recordings', () => {
  onBothDatabases((test) => {
    let cloud: RecordingCloud;
    let http: HttpFixture;
    let world: CloudWorld;
    let task: CloudTask;
    const bytes = randomBytes(4_321);
    const startedAt = Date.now() - 60_000;

    before(async () => {
      cloud = await RecordingCloud.open();
      const trtc = { ...TEST_TRTC, callbackKey: KEY, cloud: cloud.account };
      http = await HttpFixture.open(test.db, { trtc });
    });
    after(async () => {
      await http?.close();
      await cloud?.close();
    });
    beforeEach(async () => {
      cloud.reset();
      world = await CloudWorld.make(test.db, test.nodeId, cloud);
      await world.deliver();
      task = cloud.tasks[0]!;
    });

    const send = async ({ body, headers }: SentCallback): Promise<number> =>
      (await http.post('/hooks/trtc', body, headers)).status;
    const tell = async (type: number, payload?: object, changed?: object) =>
      assert.equal(await send(cloud.callback(KEY, task, type, payload, changed)), 200);
    const stored = (name = 'one.mp4', seconds = 42, from = startedAt) => ({
      Status: 0,
      FileList: [name],
      FileMessage: [
        {
          ...{ FileName: name, UserId: '', TrackType: 'audio_video', MediaId: 'main' },
          ...{ StartTimeStamp: from, EndTimeStamp: from + seconds * 1000 },
        },
      ],
    });
    const endAndStop = async () => {
      await world.end();
      await world.deliver();
    };
    const state = async () => (await world.tasks())[0]?.state;

    it('name the files: a file is looked at in the bucket, and then the task is finished', async () => {
      await endAndStop();
      const name = cloud.store(task, 'one.mp4', bytes);
      await tell(EXITED, { LeaveCode: 0 });
      await tell(UPLOADED);
      assert.equal(await state(), 'exited');
      await tell(STORED, stored());
      assert.equal(await state(), 'stored');
      await world.reconcile();
      assert.equal(await state(), 'finished');
      assert.deepEqual(await world.files(), [{ name, bytes: bytes.length, seconds: 42 }]);
      assert.deepEqual(cloud.bucket.requests, [`HEAD ${name}`]);
      assert.deepEqual([cloud.bucket.refused, world.warnings], [0, []]);
    });

    it('count once, however often and late they come', async () => {
      await endAndStop();
      cloud.store(task, 'one.mp4', bytes);
      const callback = cloud.callback(KEY, task, STORED, stored());
      await Promise.all([send(callback), send(callback), send(callback)]);
      await world.reconcile();
      await send(callback);
      await tell(EXITED, { LeaveCode: 0 }, { EventMsTs: Date.now() - 5_000 });
      await tell(STARTED, { Status: 0 }, { EventMsTs: Date.now() - 60_000 });
      await world.reconcile();
      assert.equal(await state(), 'finished');
      assert.equal((await world.files()).length, 1);
    });

    it('may come in any order: the files before the end, and the end before the start', async () => {
      await endAndStop();
      cloud.store(task, 'one.mp4', bytes);
      await tell(STORED, stored(), { EventMsTs: startedAt + 50_000 });
      await tell(EXITED, { LeaveCode: 0 }, { EventMsTs: startedAt + 45_000 });
      await tell(STARTED, { Status: 0 }, { EventMsTs: startedAt });
      assert.equal(await state(), 'stored');
    });

    it('with a part of a long recording do not end it', async () => {
      cloud.store(task, 'one.mp4', bytes);
      await tell(STORED, stored('one.mp4'));
      assert.equal(await state(), 'running');
      await endAndStop();
      cloud.store(task, 'two.mp4', bytes);
      await tell(STORED, stored('two.mp4', 7, startedAt + 42_000));
      await world.reconcile();
      assert.deepEqual(
        (await world.files()).map(({ seconds }) => seconds),
        [42, 7],
      );
    });

    it('tell of a task that ended by itself; another goes on', async () => {
      await tell(EXITED, { LeaveCode: 4 });
      await world.deliver();
      assert.deepEqual(
        (await world.tasks()).map((row) => row.state),
        ['exited', 'running'],
      );
      // The same again begins no third one.
      await tell(EXITED, { LeaveCode: 4 });
      await world.deliver();
      assert.equal((await world.tasks()).length, 2);
    });

    it('tell of a task whose answer was lost with the server that asked', async () => {
      await test.db.query(`update cloud_recordings set state = 'new', task = null, storage = null`);
      await tell(STARTED);
      const [row] = await world.tasks();
      assert.deepEqual([row?.state, row?.task], ['running', task.id]);
      await endAndStop();
      assert.equal(task.running, false);
    });

    it('tell of a task that no row has: it is stopped, once', async () => {
      const [row] = await world.tasks();
      const stray = { ...task, id: '-m9-stray.' };
      cloud.tasks.push(stray);
      await send(cloud.callback(KEY, stray, STARTED));
      await send(cloud.callback(KEY, stray, UPLOADED));
      await world.deliver();
      assert.equal(stray.running, false);
      assert.equal(cloud.actions.filter((action) => action === 'DeleteCloudRecording').length, 1);
      assert.deepEqual(await world.tasks(), [row]);
      assert.equal(task.running, true);
    });

    it('that are not signed with the key, or are about another application, change nothing', async () => {
      const before = await world.tasks();
      const { body, headers } = cloud.callback(KEY, task, EXITED, { LeaveCode: 0 });
      assert.equal(await send({ body, headers: { ...headers, sign: 'c3RyYW5nZXI=' } }), 401);
      assert.equal(await send(cloud.callback('AnotherKey0123456789', task, EXITED)), 401);
      assert.equal(await send({ body, headers: { ...headers, sdkappid: '1400000999' } }), 200);
      assert.deepEqual(await world.tasks(), before);
    });

    it('about another room, another recorder or a file outside of the task change nothing', async () => {
      const before = await world.tasks();
      const other = world.room === 7 ? 8 : 7;
      await tell(EXITED, { LeaveCode: 0 }, { RoomId: String(other) });
      await tell(EXITED, { LeaveCode: 0 }, { UserId: 'recorder_00000000000000000000' });
      await tell(EXITED, { LeaveCode: 0 }, { UserId: 'somebody' });
      await tell(STORED, stored('../../other/one.mp4'));
      await tell(STORED, { Status: 0, FileMessage: 'nonsense' });
      await tell(STORED, stored('other/folder/one.mp4'));
      assert.deepEqual(await world.tasks(), before);
      assert.deepEqual(
        (await world.files()).map(({ name }) => name),
        [`calls/bank/${task.id}/one.mp4`],
      );
    });

    it('that never come are made up for by asking the bucket', async () => {
      await endAndStop();
      const name = cloud.store(task, 'one.mp4', bytes);
      cloud.store({ ...task, id: 'another-task' }, 'two.mp4', bytes);
      await world.reconcile();
      assert.equal(await state(), 'exited');
      await world.reconcile(180);
      await world.reconcile();
      assert.equal(await state(), 'finished');
      assert.deepEqual(
        (await world.files()).map((file) => file.name),
        [name],
      );
    });

    it('that name a file which is not there: it is looked for again, and given up after a day', async () => {
      await endAndStop();
      await tell(STORED, stored());
      await world.reconcile();
      assert.equal(await state(), 'stored');
      await world.reconcile(25 * 3600);
      const [row] = await world.tasks();
      assert.deepEqual([row?.state, row?.failure], ['failed', 'no-file']);
    });

    it('of VOD name files that are not looked at', async () => {
      await test.empty();
      cloud.reset();
      cloud.useVod();
      world = await CloudWorld.make(test.db, test.nodeId, cloud);
      await world.deliver();
      const { StorageParams: storage } = cloud.api.requests[0]!.body;
      const vod = (storage as { CloudVod: { TencentVod: Record<string, unknown> } }).CloudVod;
      assert.deepEqual(vod.TencentVod, {
        ...{ ExpireTime: 0, MediaType: 0, SubAppId: 1_500_000_001 },
        UserDefineRecordId: cloud.tasks[0]?.robot,
      });
      task = cloud.tasks[0]!;
      await endAndStop();
      const url = 'http://1500000001.vod2.myqcloud.com/one.mp4';
      await tell(311, {
        Status: 0,
        TencentVod: {
          ...{ UserId: '', TrackType: 'audio_video', MediaId: 'main', FileId: '5285890784' },
          ...{ VideoUrl: url, CacheFile: 'c.mp4' },
          ...{ StartTimeStamp: startedAt, EndTimeStamp: startedAt + 9_000 },
        },
      });
      await world.reconcile();
      assert.equal(await state(), 'finished');
      assert.deepEqual(await world.files(), [{ name: '5285890784', bytes: null, seconds: 9 }]);
    });
  });
});
