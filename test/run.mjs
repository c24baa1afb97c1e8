/**
 * `npm test`: every check and every test, one after the other, and a last line `N passed, N failed`.
 * `npm run verify`: the quick ones. A step that fails does not keep the others from running.
 *
 *     node test/run.mjs [step …]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const scratch = mkdtempSync(join(tmpdir(), 'rtc-desk-test-'));
const bin = (name) => join('node_modules', '.bin', name);

function testFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => name.endsWith('.test.ts') && !name.endsWith('.browser.test.ts'))
    .sort();
}

function nodeTests({ folder, count, concurrency, databases }) {
  const within = [process.execPath, '--import=tsx', 'test/support/with-databases.ts'];
  return [
    ...(databases ? within : []),
    process.execPath,
    '--import=tsx',
    '--test',
    `--test-concurrency=${concurrency}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=./test/support/node-count-reporter.mjs',
    `--test-reporter-destination=${count}`,
    ...testFiles(folder),
  ];
}

/** What each step runs; `count` names the file into which it writes its tests' numbers. */
const steps = {
  format: { command: [bin('prettier'), '--check', '.'] },
  lint: { command: [bin('eslint'), '-c', '.config/eslint.config.mjs', '.'] },
  types: { command: [bin('tsc'), '-p', '.'] },
  build: { command: [process.execPath, '.config/build.mjs'] },
  browser: {
    command: [bin('wtr'), '--config', '.config/web-test-runner.config.mjs'],
    count: join(scratch, 'browser.json'),
  },
  server: {
    count: join(scratch, 'server.json'),
    folder: 'test/server',
    concurrency: 2,
    databases: true,
  },
  faults: {
    count: join(scratch, 'faults.json'),
    folder: 'test/faults',
    concurrency: 1,
    databases: true,
  },
  'build-output': { count: join(scratch, 'build.json'), folder: 'test/build', concurrency: 1 },
  e2e: { count: join(scratch, 'e2e.json'), folder: 'test/e2e', concurrency: 1 },
};
const verify = ['format', 'lint', 'types', 'browser'];

function run([command, ...args], env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    const pass = (signal) => child.kill(signal);
    process.once('SIGINT', pass);
    process.once('SIGTERM', pass);
    const done = (ok) => {
      process.off('SIGINT', pass);
      process.off('SIGTERM', pass);
      resolve(ok);
    };
    child.once('error', (error) => {
      console.error(error.message);
      done(false);
    });
    child.once('exit', (code) => done(code === 0));
  });
}

function readCount(file, ok) {
  let count;
  try {
    count = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // The step broke off before it could count: that is one failure, told by its own output above.
    return { passed: 0, failed: 1, skipped: 0 };
  }
  // An exit code that no counted test explains is a failure too.
  if (!ok && count.failed === 0) count.failed = 1;
  return count;
}

const asked = process.argv.slice(2);
const names = asked.includes('verify') ? verify : asked.length > 0 ? asked : Object.keys(steps);
const unknown = names.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(`unknown step: ${unknown.join(', ')}; there are ${Object.keys(steps).join(', ')}`);
  process.exit(2);
}

const total = { passed: 0, failed: 0, skipped: 0 };
const failed = [];
try {
  for (const name of names) {
    const step = steps[name];
    console.log(`\n── ${name} ${'─'.repeat(Math.max(2, 76 - name.length))}`);
    const command = step.command ?? nodeTests(step);
    const ok = await run(command, step.count ? { RTC_DESK_TEST_COUNT: step.count } : {});
    const count = step.count
      ? readCount(step.count, ok)
      : { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
    for (const key of Object.keys(total)) total[key] += count[key];
    if (count.failed > 0) failed.push(name);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
if (failed.length > 0) console.log(`\nfailed: ${failed.join(', ')}`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 ? 1 : 0;
