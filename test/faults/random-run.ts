import { join } from 'node:path';
import fc from 'fast-check';
import type { Breach } from './checker/history.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { FaultRun } from './fault-run.ts';
import { describe, runSteps, writeEvidence } from './run-steps.ts';
import type { RunTotals } from './run-totals.ts';
import { StepCommand, type RunModel } from './step-command.ts';
import { anyStep, type Step, type StepLimits } from './steps.ts';

export interface RandomRun extends StepLimits {
  readonly seed: number;
  readonly maxSteps: number;
  /** How long a failing run may be shortened, in ms. */
  readonly shrinkForMs: number;
  /** The folder for the evidence of a failing run. */
  readonly failures: string;
}

/** The first run of a seed broke a promise, and the shortest run that was found to break one too. */
export interface Failure {
  readonly seed: number;
  /** Of the shortest run. */
  readonly steps: readonly Step[];
  readonly breaches: readonly Breach[];
  /** It contains `first` and `shrunk`, each with steps, events, tables and logs. */
  readonly folder: string;
}

/** Runs random steps of a seed. Answers with null if every promise was kept. */
export async function randomRun(
  cluster: Cluster,
  totals: RunTotals,
  { seed, maxSteps, shrinkForMs, failures, longestPause }: RandomRun,
): Promise<Failure | null> {
  const commands = fc.commands<RunModel, FaultRun, false>(
    [anyStep({ longestPause }).map((step) => new StepCommand(step))],
    { maxCommands: maxSteps, size: 'max' },
  );
  const folder = join(failures, `seed-${seed}`);
  const found: { failure: Failure | null; shrinkUntil: number } = {
    failure: null,
    shrinkUntil: Infinity,
  };
  const property = fc.asyncProperty(commands, async (chosen) => {
    // The time for shrinking is over: the shortest failing run so far is the result.
    if (performance.now() > found.shrinkUntil) return;
    const result = await runSteps(cluster, chosen);
    totals.add(result.history);
    const { steps, breaches } = result;
    if (breaches.length === 0) return;
    if (!found.failure) found.shrinkUntil = performance.now() + shrinkForMs;
    await writeEvidence(join(folder, found.failure ? 'shrunk' : 'first'), cluster, result);
    found.failure = { seed, steps, breaches, folder };
    throw new Error(describe(breaches));
  });
  // Unbiased: every number of steps is equally likely. Otherwise the first runs would be short.
  const { failed, errorInstance } = await fc.check(property, { seed, numRuns: 1, unbiased: true });
  if (failed && !found.failure) throw errorInstance ?? new Error('the run ended early');
  return found.failure;
}
