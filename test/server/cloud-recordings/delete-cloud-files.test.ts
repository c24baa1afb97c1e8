import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
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

    it('are deleted with the call, and the erasure is finished only when they are gone', async () => {
      const world = await CloudWorld.make(test.db, test.nodeId, cloud);
      await world.deliver();
      await world.end();
      await world.deliver();
      const key = cloud.store(cloud.tasks[0]!, 'one.mp4', Buffer.from('a film'));
      await world.reconcile(180);
      await requestErasure(test.db, {
        siteId: 'shop',
        kind: 'call',
        subject: world.callId,
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
      cloud.bucket.answer = (method) => (method === 'DELETE' ? 503 : null);
      assert.equal(await finished(), false);
      await world.reconcile();
      assert.deepEqual([await finished(), cloud.bucket.objects.has(key)], [false, true]);
      cloud.bucket.answer = () => null;
      await world.reconcile();
      assert.deepEqual([await finished(), cloud.bucket.objects.size], [true, 0]);
      assert.deepEqual(await world.tasks(), []);
    });
  });
});
