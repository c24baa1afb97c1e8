import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { descendantsOf, listProcesses, type MachineProcess } from '../support/processes.ts';
import { waitUntil } from '../support/wait-until.ts';

const STARTS_WITHIN_MS = 120_000;
const GONE_WITHIN_MS = 10_000;

const POSTGRES = /\bpostgres -D /;
const SERVER = /\bdist\/server\/main\.js serve\b/;

/** What is started, and which processes it has (pattern and count) when it is in the middle of its work. */
interface Run {
  readonly name: string;
  readonly command: readonly string[];
  readonly busy: readonly (readonly [RegExp, number])[];
}

const GROUP = [process.execPath, 'test/support/run-in-group.mjs', '--import=tsx'];
const BENCH: Run = {
  name: 'the benchmarks',
  command: [...GROUP, 'test/bench/run.ts', '--only', 'recovery'],
  busy: [
    [POSTGRES, 1],
    [/\bbench\/desk-node\.ts/, 2],
    [/\bload\/callers\.ts/, 1],
  ],
};
const BROWSER_TESTS: Run = {
  name: 'the tests between browsers',
  command: [process.execPath, 'test/run.mjs', 'e2e'],
  busy: [
    [SERVER, 1],
    [/--remote-debugging-pipe/, 2],
  ],
};
const FAULTS: Run = {
  name: 'the fault run',
  command: [...GROUP, 'test/faults/run.ts', '--minutes', '5'],
  busy: [
    [POSTGRES, 1],
    [SERVER, 3],
  ],
};
const TESTS: Run = {
  name: 'the tests',
  command: [process.execPath, 'test/run.mjs', 'server'],
  busy: [
    [POSTGRES, 1],
    [/--test-reporter/, 1],
    [/\btest\/server\/\S+\.test\.ts$|\btest\/server\/\S+\.test\.ts /, 1],
  ],
};
const NPM: Run = {
  ...BENCH,
  name: 'npm',
  command: ['npm', 'run', 'bench', '--', '--only', 'recovery'],
};

describe('a run that is interrupted', () => {
  /**
   * The temporary folder of one run: in the environment of each of its processes, which is how they are found. Its name
   * is short, because the socket of a server's data directory inside may have 103 bytes.
   */
  const folders: string[] = [];
  after(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  function start({ command: [program = '', ...args] }: Run): {
    child: ChildProcess;
    folder: string;
  } {
    const folder = mkdtempSync(join(tmpdir(), 'cut-'));
    folders.push(folder);
    // PostgreSQL runs as another user if root runs the tests.
    chmodSync(folder, 0o755);
    const environment: NodeJS.ProcessEnv = {
      ...process.env,
      TMPDIR: folder,
      RTC_DESK_TEST_POSTGRES: '',
    };
    // Node sets it in test files. With it the inner `node --test` would run nothing.
    delete environment['NODE_TEST_CONTEXT'];
    const child = spawn(program, args, { stdio: 'ignore', env: environment });
    return { child, folder };
  }

  const ofRun = (folder: string) => listProcesses().filter(({ text }) => text.includes(folder));

  async function untilBusy(child: ChildProcess, folder: string, { name, busy }: Run) {
    await waitUntil(
      `${name} is at work`,
      () => {
        assert.equal(child.exitCode, null, `${name} ended by itself`);
        const all = ofRun(folder);
        return busy.every(
          ([pattern, count]) => all.filter(({ text }) => pattern.test(text)).length >= count,
        );
      },
      STARTS_WITHIN_MS,
    );
  }

  async function leavesNothing(run: Run, signal: NodeJS.Signals): Promise<void> {
    const { child, folder } = start(run);
    try {
      await untilBusy(child, folder, run);
      const started = new Map<number, MachineProcess>();
      for (const one of [...ofRun(folder), ...descendantsOf(child.pid ?? 0)]) {
        started.set(one.pid, one);
      }
      child.kill(signal);
      const left = () => [
        ...listProcesses()
          .filter(
            ({ pid, started: since, text }) =>
              text.includes(folder) || started.get(pid)?.started === since,
          )
          .map(({ pid, text }) => `${pid} ${text.slice(0, 200)}`),
        ...readdirSync(folder),
      ];
      const nothing = () => left().length === 0;
      await waitUntil('all is gone', nothing, GONE_WITHIN_MS).catch(() => undefined);
      assert.deepEqual(left(), []);
    } finally {
      for (const { pid } of ofRun(folder)) process.kill(pid, 'SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
  }

  const cases: readonly (readonly [Run, readonly NodeJS.Signals[]])[] = [
    [BENCH, ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL']],
    [FAULTS, ['SIGINT', 'SIGKILL']],
    [TESTS, ['SIGTERM', 'SIGKILL']],
    [BROWSER_TESTS, ['SIGKILL']],
  ];
  for (const [run, signals] of cases) {
    for (const signal of signals) {
      it(`leaves no process and no folder: ${run.name}, ${signal}`, () =>
        leavesNothing(run, signal));
    }
  }

  it('leaves no process and no folder if npm, which started it, is killed', () =>
    leavesNothing(NPM, 'SIGKILL'));
});
