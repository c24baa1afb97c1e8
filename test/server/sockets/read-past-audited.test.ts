import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { finishWrapUp } from '../../../src/server/legs/finish-wrap-up.ts';
import { pastMessages } from '../../../src/server/sockets/commands/past-messages.ts';
import { readPastCall } from '../../../src/server/sockets/commands/read-past-call.ts';
import type { Connection } from '../../../src/server/sockets/connection.ts';
import type { NodeContext } from '../../../src/server/sockets/node-context.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { withCode } from '../../support/error-code.ts';
import { CallWorld, type TestAgent } from '../calls/call-world.ts';

describe('the security log of a past conversation', () => {
  onBothDatabases((test) => {
    const connectionOf = ({ id }: TestAgent) =>
      ({
        viewer: { role: 'agent', agentId: id, site: { id: 'shop' } },
        origin: { address: '203.0.113.7' },
        toldReadings: new Map(),
      }) as unknown as Connection;

    it('has one row for each reading on a connection, whatever number of pages, and none for a refusal', async () => {
      const world = await CallWorld.make(test.db, test.nodeId);
      const alice = await world.agent('Alice');
      const visitor = await world.visitor();
      const { callId } = visitor;
      const { legId } = await world.connected(visitor, alice);
      await endCall(test.db, { callId, by: { role: 'agent', agentId: alice.id } });
      await finishWrapUp(test.db, { agentId: alice.id, legId });
      const node = { database: test.db, logger: { info: () => {} } } as unknown as NodeContext;
      const rows = async () =>
        (
          await test.db.query<{ agent_id: string; subject: string }>(
            `select agent_id, subject from audit where type = 'record-read' order by sequence`,
            [],
          )
        ).rows;
      const page = (on: Connection, after: number) =>
        pastMessages(node, on, { type: 'past-messages', id: '1', callId, after });

      const first = connectionOf(alice);
      await readPastCall(node, first, { type: 'read-past-call', id: '1', callId });
      for (const after of [0, 100, 200]) await page(first, after);
      assert.deepEqual(await rows(), [{ agent_id: alice.id, subject: `call:${callId}` }]);
      // A person who does not begin with the first page gets a row too.
      await page(connectionOf(alice), 100);
      assert.equal((await rows()).length, 2);

      const stranger = connectionOf(await world.agent('Bob'));
      await assert.rejects(page(stranger, 0), withCode('forbidden'));
      await assert.rejects(page(stranger, 0), withCode('forbidden'));
      assert.equal((await rows()).length, 2);
      assert.equal(stranger.toldReadings.size, 0);
    });
  });
});
