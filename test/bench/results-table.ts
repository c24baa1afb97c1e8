import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { describeMachine } from './machine.ts';
import { round, type Result } from './result.ts';

const FILE = fileURLToPath(new URL('./README.md', import.meta.url));
/** A line of the table. Its columns may be padded. */
const ROW = /^\| (.+?) +\|/;

/**
 * Writes the results into the table of README.md. A row with the same name is replaced, a new row is appended. The
 * other rows stay, unless `isComplete`: then the results are all that there is.
 */
export async function writeTable(
  results: readonly Result[],
  { isComplete }: { readonly isComplete: boolean },
): Promise<void> {
  const text = readFileSync(FILE, 'utf8');
  const [head = '', table = '', tail = ''] = text.split(/<!-- table -->\n|<!-- end of table -->/);
  const rows = new Map(
    (isComplete ? '' : table).split('\n').flatMap((line) => {
      const name = ROW.exec(line)?.[1];
      return name && name !== 'what' && !name.startsWith('--') ? [[name, line]] : [];
    }),
  );
  for (const result of results) rows.set(result.name, rowOf(result));
  const lines = ['| what | measured | peers | ratio | budget |', '| --- | --- | --- | --- | --- |'];
  const written = `${withMachine(head)}<!-- table -->\n\n${[...lines, ...rows.values()].join('\n')}\n\n<!-- end of table -->${tail}`;
  writeFileSync(
    FILE,
    await format(written, { ...(await resolveConfig(FILE)), parser: 'markdown' }),
  );
}

function withMachine(head: string): string {
  const date = new Date().toISOString().slice(0, 10);
  return head.replace(/^Measured.*$/m, `Measured on ${date}: ${describeMachine()}.`);
}

function rowOf({ name, value, unit, peers, ratio, budget, ok, absent = [] }: Result): string {
  const compared = [
    ...Object.entries(peers).map(([peer, measured]) => `${peer}: ${round(measured)} ${unit}`),
    ...absent.map((peer) => `${peer}: not installed`),
  ];
  const withMark = budget.startsWith('none') ? budget : `${budget} ${ok ? '✓' : '✗'}`;
  return `| ${name} | ${round(value)} ${unit} | ${compared.join('<br>') || '–'} | ${ratio === null ? '–' : ratio.toFixed(2)} | ${withMark} |`;
}
