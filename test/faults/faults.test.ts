import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { waitUntil } from '../support/wait-until.ts';
import { Cluster } from './cluster/cluster.ts';
import { DeedsDone } from './deeds-done.ts';
import { playRandom } from './play-random.ts';
import { describe as tell } from './play-steps.ts';

/** Two short runs of what `npm run test:faults` does for as long as one likes, and from another seed each time. */
const SEED = 876_882_782;
const RUNS = 2;
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
    const again = `--seed ${SEED} --steps ${STEPS} --longest-pause ${LONGEST_PAUSE / 1_000}`;
    t.diagnostic(`seed ${SEED}: npm run test:faults -- --minutes 1 ${again}`);
    for (let run = 0; run < RUNS; run += 1) {
      const failure = await playRandom(cluster as Cluster, done, {
        seed: SEED + run,
        length: STEPS,
        longestPause: LONGEST_PAUSE,
        shrinkFor: 0,
        failures: join(tmpdir(), `rtc-desk-faults-${process.pid}`),
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
