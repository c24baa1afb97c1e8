import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Breach, History } from './checker/history.ts';
import type { Cluster } from './cluster/cluster.ts';
import { newPlan, PlayStep, type Plan } from './step-command.ts';
import { Scene } from './fault-run.ts';
import type { Step } from './steps.ts';

/** What a run came to. */
export interface Played {
  /** Those that could be done, in their order. */
  readonly steps: readonly Step[];
  readonly history: History;
  readonly breaches: readonly Breach[];
}

/** Plays steps on a site of its own, lets everything settle, and checks all that was seen. */
export async function playSteps(
  cluster: Cluster,
  commands: Iterable<fc.AsyncCommand<Plan, Scene>>,
): Promise<Played> {
  await cluster.heal();
  const scene = await Scene.set(cluster);
  const plan = newPlan();
  const breaches: Breach[] = [];
  for (const agent of scene.agents) {
    agent.come(0);
    agent.choose('available');
  }
  await fc.asyncModelRun(() => ({ model: plan, real: scene }), commands);
  try {
    await scene.heal();
    await scene.serve();
  } catch (error) {
    breaches.push({ promise: 'everything comes back after the faults', evidence: String(error) });
  }
  const history = await scene.strike();
  breaches.push(...scene.check(history));
  return { steps: plan.played, history, breaches };
}

/** The same, of steps that were written down. */
export function replaySteps(cluster: Cluster, steps: readonly Step[]): Promise<Played> {
  return playSteps(
    cluster,
    steps.map((step) => new PlayStep(step)),
  );
}

/** Keeps what shows the breach: the steps, everything that happened, the record, and the nodes’ logs. */
export async function keepEvidence(
  folder: string,
  cluster: Cluster,
  { steps, history, breaches }: Played,
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
