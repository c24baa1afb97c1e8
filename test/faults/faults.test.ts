import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { keptFolder } from '../support/process-group.mjs';
import { waitUntil } from '../support/wait-until.ts';
import { Cluster } from './cluster/cluster.ts';
import { DeedsDone } from './run-totals.ts';
import { playRandom } from './random-run.ts';
import { describe as tell } from './run-steps.ts';

/**
 * Two short runs of what `npm run test:faults` does for as long as one likes, and from another seed each time. Of
 * these two every fault is part, and calls that are taken back from an agent who had accepted them.
 */
const SEEDS = [2, 8];
const STEPS = 90;
const LONGEST_PAUSE = 1_000;

describe('three nodes on one PostgreSQL', () => {
  let cluster: Cluster | null = null;
  before(async () => {
    cluster = await Cluster.start();
  });
  after(() => cluster?.dispose());

  it('keep every promise, whatever people do and whichever machine fails', async (t) => {
    const done = new DeedsDone();
    const again = `--steps ${STEPS} --longest-pause ${LONGEST_PAUSE / 1_000}`;
    for (const seed of SEEDS) {
      t.diagnostic(`npm run test:faults -- --minutes 1 --seed ${seed} ${again}`);
      const failure = await playRandom(cluster as Cluster, done, {
        seed,
        length: STEPS,
        longestPause: LONGEST_PAUSE,
        shrinkFor: 0,
        failures: keptFolder(`rtc-desk-faults-${process.pid}`),
      });
      assert.ok(!failure, failure ? `${tell(failure.breaches)}see ${failure.folder}` : '');
    }
    t.diagnostic(String(done));
    // What the checker says of runs that last longer than a node may be silent.
    await waitUntil('every node that was killed is declared dead', async () => {
      const { rowCount } = await (cluster as Cluster).pool.query('select from nodes');
      return rowCount === cluster?.nodes.length;
    });
  });
});
