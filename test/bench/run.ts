/**
 * `npm run bench [-- --only NAME] [-- --json] [-- --markdown]`: runs every benchmark with its peers, one after the other.
 * Budgets are printed, not enforced: a slow machine is no defect of the code. `--markdown` writes the results into the
 * table of test/bench/README.md.
 */
import { board } from './board.ts';
import { callLife } from './call-life.ts';
import { firstFrame } from './first-frame.ts';
import { describeMachine } from './machine.ts';
import { writeTable } from './results-table.ts';
import { offer } from './offer.ts';
import { recording } from './recording.ts';
import { recovery } from './recovery.ts';
import { reports } from './reports.ts';
import { round, type Benchmark, type Result } from './result.ts';
import { sockets } from './sockets.ts';
import { weight } from './weight.ts';

const benchmarks: readonly Benchmark[] = [
  weight,
  firstFrame,
  callLife,
  offer,
  sockets,
  board,
  recovery,
  reports,
  recording,
];

function print(result: Result): void {
  const peers = [
    ...Object.entries(result.peers).map(
      ([name, value]) => `${name} ${round(value)} ${result.unit}`,
    ),
    ...(result.absent ?? []).map((name) => `${name} (not installed)`),
  ];
  const ratio = result.ratio === null ? '' : ` · ratio ${result.ratio.toFixed(2)}`;
  console.log(
    `${result.ok ? '✓' : '✗'} ${result.name}: ${round(result.value)} ${result.unit}${ratio}`,
  );
  console.log(
    `    budget ${result.budget}${peers.length > 0 ? ` · peers: ${peers.join(', ')}` : ''}`,
  );
}

const args = process.argv.slice(2);
const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : undefined;
const chosen = benchmarks.filter((one) => only === undefined || one.name === only);
if (chosen.length === 0) {
  console.error(`--only: the names are ${benchmarks.map((one) => one.name).join(', ')}`);
  process.exit(2);
}
console.log(describeMachine());
const results: Result[] = [];
for (const benchmark of chosen) {
  console.log(`\n── ${benchmark.name}`);
  for (const result of await benchmark.run()) {
    results.push(result);
    print(result);
  }
}
if (args.includes('--markdown')) {
  await writeTable(results, { isComplete: only === undefined });
}
if (args.includes('--json')) {
  // Only the fields of the contract.
  console.log(JSON.stringify(results.map(({ absent: _, ...result }) => result)));
}
