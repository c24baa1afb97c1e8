import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Breach, History } from './checker/history.ts';
import type { Cluster } from './cluster/cluster.ts';
import { FaultRun } from './fault-run.ts';
import { newRunModel, StepCommand, type RunModel } from './step-command.ts';
import type { Step } from './steps.ts';

export interface RunResult {
  /** The steps that were possible, in their order. */
  readonly steps: readonly Step[];
  readonly history: History;
  readonly breaches: readonly Breach[];
}

/** Does the steps on a new site, repairs everything, lets every call end, and checks the history. */
export async function runSteps(
  cluster: Cluster,
  commands: Iterable<fc.AsyncCommand<RunModel, FaultRun>>,
): Promise<RunResult> {
  await cluster.repair();
  const run = await FaultRun.start(cluster);
  const model = newRunModel();
  const breaches: Breach[] = [];
  for (const agent of run.agents) {
    agent.connect(0);
    agent.setStatus('available');
  }
  await fc.asyncModelRun(() => ({ model, real: run }), commands);
  try {
    await run.repair();
    await run.finishAllCalls();
  } catch (error) {
    breaches.push({ promise: 'everything runs again after the faults', evidence: String(error) });
  }
  const history = await run.stop();
  breaches.push(...run.check(history));
  return { steps: model.done, history, breaches };
}

/** Does stored steps again. */
export function repeatSteps(cluster: Cluster, steps: readonly Step[]): Promise<RunResult> {
  return runSteps(
    cluster,
    steps.map((step) => new StepCommand(step)),
  );
}

/** Writes the evidence of a breach into a folder: steps, events, tables, and the logs of the nodes. */
export async function writeEvidence(
  folder: string,
  cluster: Cluster,
  { steps, history, breaches }: RunResult,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const lines = (entries: readonly unknown[]): string =>
    entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
  await Promise.all([
    writeFile(join(folder, 'steps.json'), JSON.stringify(steps, null, 1)),
    writeFile(join(folder, 'breaches.txt'), describe(breaches)),
    writeFile(join(folder, 'history.jsonl'), lines(history.events)),
    writeFile(join(folder, 'record.json'), JSON.stringify(history.record, null, 1)),
    ...cluster.nodes.map((node) => writeFile(join(folder, `${node.name}.log`), node.takeLog())),
  ]);
}

export function describe(breaches: readonly Breach[]): string {
  return breaches.map(({ promise, evidence }) => `${promise}: ${evidence}\n`).join('');
}
