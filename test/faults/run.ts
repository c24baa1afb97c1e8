/**
 * The long fault run: three nodes and a PostgreSQL of its own, people who come and go, and random faults.
 *
 *     npm run test:faults -- --minutes N [--seed S]     runs from seeds S, S + 1, … for N minutes
 *     npm run test:faults -- --replay steps.json        the steps of a failure once more
 *
 * A seed makes the same steps only with the same `--steps` (how many at most, 150) and `--longest-pause` (30,
 * in seconds).
 *
 * Ends with exit code 0 only where every promise held in every run.
 */
import { readFile } from 'node:fs/promises';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keptFolder } from '../support/process-group.mjs';
import { Cluster } from './cluster/cluster.ts';
import { DeedsDone } from './run-totals.ts';
import { playRandom, type Failure } from './random-run.ts';
import { describe, keepEvidence, replaySteps } from './run-steps.ts';
import type { Step } from './steps.ts';

const MINUTE = 60_000;
const SHRINK_FOR = 6 * MINUTE;

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    replay: { type: 'string' },
    steps: { type: 'string', default: '150' },
    // Longer than a node may be silent before it counts as dead, by far.
    'longest-pause': { type: 'string', default: '30' },
  },
});
const minutes = Number(options.minutes);
const firstSeed = options.seed === undefined ? randomInt(2 ** 31) : Number(options.seed);
const length = Number(options.steps);
const longestPause = Number(options['longest-pause']) * 1_000;
if (!(minutes > 0 && length > 0 && longestPause >= 500) || !Number.isInteger(firstSeed)) {
  console.error(
    '--minutes, --steps and --longest-pause want numbers above 0, --seed a whole number.',
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
// The embedded server's library keeps listening for this process's end.
process.exit();

async function runForMinutes(): Promise<number> {
  const done = new DeedsDone();
  const started = performance.now();
  const minutesSince = (): number => (performance.now() - started) / MINUTE;
  let seed = firstSeed;
  say(`seed ${seed}, ${minutes} minutes`);
  const progress = setInterval(
    () => say(`${minutesSince().toFixed(0)} min, at seed ${seed}: ${done}`),
    MINUTE,
  );
  try {
    for (; minutesSince() < minutes; seed += 1) {
      const failure = await playRandom(cluster, done, {
        seed,
        length,
        longestPause,
        shrinkFor: SHRINK_FOR,
        failures,
      });
      if (failure) return tell(failure);
    }
  } finally {
    clearInterval(progress);
  }
  say(`every promise held, from seed ${firstSeed} on: ${done}`);
  return 0;
}

function tell({ seed, steps, breaches, folder }: Failure): number {
  console.error(`\nA promise was broken, by seed ${seed}:\n${describe(breaches)}`);
  console.error(
    `the fewest steps that did it:\n${steps.map((step) => JSON.stringify(step)).join('\n')}`,
  );
  console.error(`\nhistory, record and logs are in ${folder}`);
  console.error(`once more: npm run test:faults -- --minutes 1 --seed ${seed}${sameSteps()}`);
  console.error(`       or: npm run test:faults -- --replay ${join(folder, 'first/steps.json')}`);
  return 1;
}

/** The options without which this seed would make other steps. */
function sameSteps(): string {
  return ` --steps ${length} --longest-pause ${longestPause / 1_000}`;
}

async function replay(file: string): Promise<number> {
  const played = await replaySteps(cluster, JSON.parse(await readFile(file, 'utf8')) as Step[]);
  if (played.breaches.length === 0) {
    say('every promise held this time');
    return 0;
  }
  await keepEvidence(join(failures, 'replay'), cluster, played);
  console.error(`${describe(played.breaches)}\nhistory, record and logs are in ${failures}/replay`);
  return 1;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
