import { describe, it } from 'node:test';
import fc from 'fast-check';
import { onBothDatabases } from '../../support/databases.ts';
import { anyPlan, CallPlay } from './call-play.ts';
import { CallWorld } from './call-world.ts';
import { assertSound } from './sound-state.ts';

const RUNS = 15;

describe('any sequence of steps by visitors, agents and sweeps', () => {
  onBothDatabases((test) => {
    it('keeps every promise of the design, and no call waits for ever', async () => {
      await fc.assert(
        fc.asyncProperty(anyPlan, fc.boolean(), fc.boolean(), async (plan, connected, inPairs) => {
          await test.empty();
          const play = await CallPlay.begin(await CallWorld.make(test.db, test.nodeId), connected);
          // Two steps at a time run into each other on PostgreSQL's many connections.
          const atOnce = inPairs ? 2 : 1;
          for (let i = 0; i < plan.length; i += atOnce) {
            await Promise.all(plan.slice(i, i + atOnce).map((step) => play.take(step)));
            await assertSound(test.db);
          }
          await play.settle();
          await assertSound(test.db);
        }),
        { numRuns: RUNS },
      );
    });
  });
});
