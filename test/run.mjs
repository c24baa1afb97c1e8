/**
 * `npm test`: runs every check and every test, one step after another. The last line is `N passed, N failed`.
 * `npm run verify`: runs the quick steps. After a step that fails the others still run.
 *
 *     node test/run.mjs [step …]
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProcessGroup } from './support/process-group.mjs';

const bin = (name) => join('node_modules', '.bin', name);

/** Folders whose tests need more than Node: a database, a build or browsers. Each has a step of its own. */
const STEP_FOLDERS = ['server', 'faults', 'build', 'e2e'].map((name) => join('test', name, '/'));

function testFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => name.endsWith('.test.ts') && !name.endsWith('.browser.test.ts'))
    .filter((name) => folder !== 'test' || !STEP_FOLDERS.some((other) => name.startsWith(other)))
    .sort();
}

/** Runs the tests of a folder with `node --test`; `databases` starts the databases that the test files share. */
const nodeTests =
  ({ folder, concurrency, databases = false }) =>
  (countFile) => [
    ...(databases ? [process.execPath, '--import=tsx', 'test/support/with-databases.ts'] : []),
    process.execPath,
    '--import=tsx',
    '--test',
    `--test-concurrency=${concurrency}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=./test/support/node-count-reporter.mjs',
    `--test-reporter-destination=${countFile}`,
    ...testFiles(folder),
  ];

/** A check is a command; it counts as one test. */
const checks = {
  format: [bin('prettier'), '--check', '.'],
  lint: [bin('eslint'), '-c', '.config/eslint.config.mjs', '.'],
  types: [bin('tsc'), '-p', '.'],
  build: [process.execPath, '.config/build.mjs'],
};
/** A test step is a command that writes how many tests passed, failed and were skipped into a file. */
const testSteps = {
  browser: () => [bin('wtr'), '--config', '.config/web-test-runner.config.mjs'],
  server: nodeTests({ folder: 'test/server', concurrency: 2, databases: true }),
  faults: nodeTests({ folder: 'test/faults', concurrency: 1, databases: true }),
  units: nodeTests({ folder: 'test', concurrency: 2 }),
  'build-output': nodeTests({ folder: 'test/build', concurrency: 1 }),
  e2e: nodeTests({ folder: 'test/e2e', concurrency: 1, databases: true }),
};
const all = [...Object.keys(checks), ...Object.keys(testSteps)];
const verify = ['format', 'lint', 'types', 'browser'];

function readCount(file, ok) {
  let count;
  try {
    count = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The step ended before it could count. That is one failure; its own output above says why.
    return { passed: 0, failed: 1, skipped: 0 };
  }
  // An exit code that no counted test explains is a failure too.
  if (!ok && count.failed === 0) count.failed = 1;
  return count;
}

async function runStep(group, name) {
  if (name in checks) {
    const ok = (await group.run(checks[name])) === 0;
    return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
  }
  const countFile = join(group.folder, `${name}.json`);
  const environment = { RTC_DESK_TEST_COUNT: countFile };
  const ok = (await group.run(testSteps[name](countFile), environment)) === 0;
  return readCount(countFile, ok);
}

const asked = process.argv.slice(2);
const names = asked.includes('verify') ? verify : asked.length > 0 ? asked : all;
const unknown = names.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`unknown step: ${unknown.join(', ')}; the steps are ${all.join(', ')}`);
  process.exit(2);
}

const group = new ProcessGroup();
const total = { passed: 0, failed: 0, skipped: 0 };
const failed = [];
try {
  for (const name of names) {
    console.log(`\n── ${name} ${'─'.repeat(Math.max(2, 76 - name.length))}`);
    const count = await runStep(group, name);
    for (const key of Object.keys(total)) total[key] += count[key];
    if (count.failed > 0) failed.push(name);
  }
} finally {
  await group.close();
}
if (failed.length > 0) console.log(`\nfailed: ${failed.join(', ')}`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 ? 1 : 0;
