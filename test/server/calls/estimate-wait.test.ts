import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { estimateWait, readWaitBases } from '../../../src/server/calls/estimate-wait.ts';
import { finishWrapUp } from '../../../src/server/legs/finish-wrap-up.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld } from './call-world.ts';

describe('the estimated wait', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
    });
    const basis = async (groupId: string) =>
      (await readWaitBases(test.db, [{ siteId: 'shop', groupId }])).get(`shop/${groupId}`);

    it('follows from the group’s own last calls and the agents who are there', async () => {
      const alice = await world.agent('Alice');
      await world.agent('Bob', ['service']);
      assert.equal(await basis('sales'), undefined);
      for (const seconds of [100, 200, 300]) {
        const visitor = await world.visitor();
        const { legId } = await world.connected(visitor, alice);
        await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
        await finishWrapUp(test.db, { agentId: alice.id, legId });
        await test.db.query(
          `update calls set connected_at = ended_at - make_interval(secs => $2),
                            requested_at = ended_at - make_interval(secs => $2 + 12) where id = $1`,
          [visitor.callId, seconds],
        );
      }
      const known = await basis('sales');
      assert.equal(known?.agents, 1);
      // The handling time includes the 30 s of wrap-up.
      assert.deepEqual([known.quick, known.slow, known.waited].map(Math.round), [180, 280, 12]);
      assert.equal(await basis('service'), undefined);
    });
  });

  const basis = { agents: 2, quick: 60, slow: 120, waited: 8 };

  it('is null if nobody is there, or nothing is known', () => {
    assert.equal(estimateWait(undefined, 1), null);
    assert.equal(estimateWait({ ...basis, agents: 0 }, 1), null);
  });

  it('grows with the position, shrinks with the agents, and is always a range', () => {
    assert.deepEqual(estimateWait(basis, 1), { min: 0, max: 60 });
    assert.deepEqual(estimateWait(basis, 4), { min: 90, max: 240 });
    assert.deepEqual(estimateWait({ ...basis, agents: 4 }, 4), { min: 45, max: 120 });
    assert.deepEqual(estimateWait({ ...basis, quick: 0, slow: 0, waited: 0 }, 1), {
      min: 0,
      max: 5,
    });
  });
});
