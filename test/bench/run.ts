/**
 * `npm run bench [-- --only NAME] [-- --json]`: every benchmark with its peers, one after the other on
 * this machine. Budgets are printed, never enforced: a slow machine is no defect of the code.
 */
import { firstFrame } from './first-frame.ts';
import type { Benchmark, Result } from './result.ts';
import { weight } from './weight.ts';

const benchmarks: readonly Benchmark[] = [weight, firstFrame];

function round(value: number): string {
  return value >= 100
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(3)));
}

function print(result: Result): void {
  const peers = Object.entries(result.peers).map(
    ([name, value]) => `${name} ${round(value)} ${result.unit}`,
  );
  const ratio = result.ratio === null ? '' : ` · ratio ${result.ratio.toFixed(2)}`;
  console.log(
    `${result.ok ? '✓' : '✗'} ${result.name}: ${round(result.value)} ${result.unit}${ratio}`,
  );
  console.log(
    `    budget ${result.budget}${peers.length > 0 ? ` · beside ${peers.join(', ')}` : ''}`,
  );
}

const args = process.argv.slice(2);
const json = args.includes('--json');
const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : undefined;
const chosen = benchmarks.filter((one) => only === undefined || one.name === only);
if (chosen.length === 0) {
  console.error(`--only: there are ${benchmarks.map((one) => one.name).join(', ')}`);
  process.exit(2);
}
const results: Result[] = [];
for (const benchmark of chosen) {
  console.log(`\n── ${benchmark.name}`);
  for (const result of await benchmark.run()) {
    results.push(result);
    print(result);
  }
}
if (json) console.log(JSON.stringify(results));
