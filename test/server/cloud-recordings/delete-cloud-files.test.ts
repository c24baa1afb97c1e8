import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { recordCloudReport } from '../../../src/server/cloud-recordings/record-cloud-report.ts';
import { carryOutErasures } from '../../../src/server/retention/carry-out-erasures.ts';
import { requestErasure } from '../../../src/server/retention/request-erasure.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { RecordingCloud } from '../../support/recording-cloud.ts';
import { CloudWorld } from './cloud-world.ts';

describe('files of cloud recordings', () => {
  onBothDatabases((test) => {
    let cloud: RecordingCloud;
    before(async () => {
      cloud = await RecordingCloud.open();
    });
    after(() => cloud?.close());
    beforeEach(() => cloud.reset());

    /** A call that is over, with these files in the bucket. Resolves to their keys. */
    async function recorded(...names: string[]): Promise<{ world: CloudWorld; keys: string[] }> {
      const world = await CloudWorld.make(test.db, test.nodeId, cloud);
      await world.deliver();
      await world.end();
      await world.deliver();
      const keys = names.map((name) => cloud.store(cloud.tasks[0]!, name, Buffer.from('a film')));
      await world.reconcile(180);
      return { world, keys };
    }
    const erase = ({ callId }: CloudWorld) =>
      requestErasure(test.db, {
        siteId: 'shop',
        kind: 'call',
        subject: callId,
        requestedBy: 'owner',
        actor: { kind: 'system' },
        address: null,
      });
    const finished = async () => {
      await test.db.query('update erasures set due_at = now()');
      while (await carryOutErasures(test.db, { info: () => undefined }));
      const { rows } = await test.db.query<{ done: boolean }>(
        'select finished_at is not null as done from erasures',
      );
      return rows[0]?.done;
    };

    it('are deleted with the call, and the erasure is finished only when they are gone', async () => {
      const { world, keys } = await recorded('one.mp4');
      const key = keys[0]!;
      await erase(world);
      cloud.bucket.answer = (method) => (method === 'DELETE' ? 503 : null);
      assert.equal(await finished(), false);
      await world.reconcile();
      assert.deepEqual([await finished(), cloud.bucket.objects.has(key)], [false, true]);
      cloud.bucket.answer = () => null;
      await world.reconcile();
      assert.deepEqual([await finished(), cloud.bucket.objects.size], [true, 0]);
      assert.deepEqual(await world.tasks(), []);
    });

    it('at VOD are deleted there by their ids; one that is gone already is no failure', async () => {
      cloud.useVod();
      const world = await CloudWorld.make(test.db, test.nodeId, cloud);
      await world.deliver();
      await world.end();
      await world.deliver();
      const [{ id: task, robot, room }] = cloud.tasks as [(typeof cloud.tasks)[number]];
      const at = Date.now();
      const files = ['5285890784', '5285890785'].map((name) => ({
        ...{ name, url: `https://vod.example.com/${name}.mp4` },
        ...{ startedAt: at - 9_000, durationMs: 9_000 },
      }));
      const report = { task, robot, room: Number(room), reported: 'stored' as const, at, files };
      assert.equal(await recordCloudReport(test.db, { ...report, failed: false }, null), true);
      await world.reconcile();
      await erase(world);
      const asked = () => cloud.api.requests.filter(({ action }) => action === 'DeleteMedia');
      cloud.refusals.set('DeleteMedia', 'InternalError');
      await finished();
      await world.reconcile();
      assert.equal(await finished(), false);
      cloud.refusals.set('DeleteMedia', 'ResourceNotFound');
      cloud.api.requests.length = 0;
      await world.reconcile();
      assert.equal(await finished(), true);
      assert.deepEqual(
        asked()
          .map(({ body }) => [body['FileId'], body['SubAppId']])
          .sort(),
        [
          ['5285890784', 1_500_000_001],
          ['5285890785', 1_500_000_001],
        ],
      );
      assert.deepEqual(await world.tasks(), []);
    });

    it('are found and deleted also where the bucket lists them page by page', async () => {
      cloud.bucket.pageSize = 2;
      const { world, keys } = await recorded('1.mp4', '2.mp4', '3.mp4', '4.mp4', '5.mp4');
      const { rows } = await test.db.query<{ name: string }>(
        'select name from cloud_recording_files order by name',
      );
      assert.deepEqual(
        rows.map(({ name }) => name),
        keys,
      );
      await erase(world);
      await finished();
      await world.reconcile();
      assert.deepEqual([await finished(), cloud.bucket.objects.size], [true, 0]);
    });
  });
});
