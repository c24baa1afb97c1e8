import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { keptFolder } from '../support/process-group.mjs';
import { waitUntil } from '../support/wait-until.ts';
import { Cluster } from './cluster/cluster.ts';
import { randomRun } from './random-run.ts';
import { describe as describeBreaches } from './run-steps.ts';
import { RunTotals } from './run-totals.ts';

/**
 * Two short runs of `npm run test:faults`, with fixed seeds. Together they have every kind of fault, and calls that are
 * taken back from an agent who had accepted them.
 */
const SEEDS = [2, 8];
const MAX_STEPS = 90;
const LONGEST_PAUSE_MS = 1_000;

describe('three nodes on one PostgreSQL', () => {
  let cluster: Cluster | null = null;
  before(async () => {
    cluster = await Cluster.start();
  });
  after(() => cluster?.dispose());

  it('keep every promise, for any actions of visitors and agents and any fault of the machines', async (t) => {
    const totals = new RunTotals();
    const again = `--steps ${MAX_STEPS} --longest-pause ${LONGEST_PAUSE_MS / 1_000}`;
    for (const seed of SEEDS) {
      t.diagnostic(`npm run test:faults -- --minutes 1 --seed ${seed} ${again}`);
      const failure = await randomRun(cluster as Cluster, totals, {
        seed,
        maxSteps: MAX_STEPS,
        longestPause: LONGEST_PAUSE_MS,
        shrinkForMs: 0,
        failures: keptFolder(`rtc-desk-faults-${process.pid}`),
      });
      assert.ok(
        !failure,
        failure ? `${describeBreaches(failure.breaches)}see ${failure.folder}` : '',
      );
    }
    t.diagnostic(String(totals));
    // The checker tests this only after runs that are longer than the time in which a node is declared dead.
    await waitUntil('every node that was killed is declared dead', async () => {
      const { rowCount } = await (cluster as Cluster).pool.query('select from nodes');
      return rowCount === cluster?.nodes.length;
    });
  });
});
