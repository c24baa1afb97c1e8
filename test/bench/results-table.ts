import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { describeMachine } from './machine.ts';
import { round, type Result } from './result.ts';

const FILE = fileURLToPath(new URL('./README.md', import.meta.url));
/** A line of the table, whose columns may be padded. */
const ROW = /^\| (.+?) +\|/;

/**
 * Puts the results into the table of README.md: a row of the same name is replaced, a new one comes to the
 * end, and what was not measured this time stays.
 */
export async function writeTable(results: readonly Result[]): Promise<void> {
  const text = readFileSync(FILE, 'utf8');
  const [head = '', table = '', tail = ''] = text.split(/<!-- table -->\n|<!-- end of table -->/);
  const rows = new Map(
    table.split('\n').flatMap((line) => {
      const name = ROW.exec(line)?.[1];
      return name && name !== 'what' && !name.startsWith('--') ? [[name, line]] : [];
    }),
  );
  for (const result of results) rows.set(result.name, rowOf(result));
  const lines = [
    '| what | measured | beside it | ratio | budget |',
    '| --- | --- | --- | --- | --- |',
  ];
  const written = `${withMachine(head)}<!-- table -->\n\n${[...lines, ...rows.values()].join('\n')}\n\n<!-- end of table -->${tail}`;
  writeFileSync(
    FILE,
    await format(written, { ...(await resolveConfig(FILE)), parser: 'markdown' }),
  );
}

function withMachine(head: string): string {
  const date = new Date().toISOString().slice(0, 10);
  return head.replace(/^Measured .*$/m, `Measured on ${date}: ${describeMachine()}.`);
}

function rowOf({ name, value, unit, peers, ratio, budget, ok, absent = [] }: Result): string {
  const beside = [
    ...Object.entries(peers).map(([peer, measured]) => `${peer}: ${round(measured)} ${unit}`),
    ...absent.map((peer) => `${peer}: not installed`),
  ];
  const kept = budget.startsWith('none') ? budget : `${budget} ${ok ? '✓' : '✗'}`;
  return `| ${name} | ${round(value)} ${unit} | ${beside.join('<br>') || '–'} | ${ratio === null ? '–' : ratio.toFixed(2)} | ${kept} |`;
}
