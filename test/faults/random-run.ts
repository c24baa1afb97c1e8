import { join } from 'node:path';
import fc from 'fast-check';
import type { Breach } from './checker/history.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { DeedsDone } from './run-totals.ts';
import { PlayStep, type Plan } from './step-command.ts';
import { describe, keepEvidence, playSteps } from './run-steps.ts';
import type { Scene } from './fault-run.ts';
import { anyStep, type Step, type StepLimits } from './steps.ts';

export interface RandomPlay extends StepLimits {
  readonly seed: number;
  /** The longest run, in steps. */
  readonly length: number;
  /** How long a failing run may be made shorter, in ms. */
  readonly shrinkFor: number;
  /** The folder for the evidence of a failing run. */
  readonly failures: string;
}

/** A promise was broken: by the first run of the seed, and by the shortest that was found to do so. */
export interface Failure {
  readonly seed: number;
  readonly steps: readonly Step[];
  readonly breaches: readonly Breach[];
  /** `first` and `shrunk` are in it, each with steps, history, record and logs. */
  readonly folder: string;
}

/** One run of random steps, from a seed. Null where every promise held. */
export async function playRandom(
  cluster: Cluster,
  done: DeedsDone,
  { seed, length, shrinkFor, failures, longestPause }: RandomPlay,
): Promise<Failure | null> {
  const commands = fc.commands<Plan, Scene, false>(
    [anyStep({ longestPause }).map((step) => new PlayStep(step))],
    {
      maxCommands: length,
      size: 'max',
    },
  );
  const folder = join(failures, `seed-${seed}`);
  const found: { failure: Failure | null; until: number } = { failure: null, until: Infinity };
  const property = fc.asyncProperty(commands, async (chosen) => {
    // Long enough: the shortest so far is the one that is told.
    if (performance.now() > found.until) return;
    const played = await playSteps(cluster, chosen);
    done.add(played.history);
    const { steps, breaches } = played;
    if (breaches.length === 0) return;
    if (!found.failure) found.until = performance.now() + shrinkFor;
    await keepEvidence(join(folder, found.failure ? 'shrunk' : 'first'), cluster, played);
    found.failure = { seed, steps, breaches, folder };
    throw new Error(describe(breaches));
  });
  // Without a bias: each length comes up as often as any other, and not the short ones first.
  const { failed, errorInstance } = await fc.check(property, { seed, numRuns: 1, unbiased: true });
  if (failed && !found.failure) throw errorInstance ?? new Error('the run broke off');
  return found.failure;
}
