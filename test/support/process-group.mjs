/**
 * Owns all that a test run or a benchmark starts and writes, so that nothing of it outlives the run.
 *
 * The problem: a run starts many processes (PostgreSQL, servers, browsers) and writes many temporary folders. It can
 * end at any moment: by Ctrl-C, SIGTERM, a closed terminal, or kill -9. After kill -9 the run itself cleans nothing up.
 *
 * The steps:
 * 1. The owner makes one folder. It is TMPDIR of every process of the run, so that all temporary folders are in it.
 * 2. Each command of the run leads a process group of its own. Its child processes are in that group. puppeteer puts
 *    each browser into a further group; `registerGroup` tells of it. The folder `groups` has one empty file for each
 *    group that is alive; the file's name is the id of the group.
 * 3. A small process (group-cleaner.mjs) waits at a pipe from the owner. The pipe closes when the owner ends, however
 *    it ends. Then the cleaner kills every group with SIGKILL and removes the folder.
 *
 * The cost: one more Node process for each run.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLEANER = fileURLToPath(new URL('./group-cleaner.mjs', import.meta.url));
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
/** How often a run that npm started checks whether npm is still there. */
const PARENT_CHECK_MS = 500;

const groupsFolder = (/** @type {string} */ folder) => join(folder, 'groups');

export class ProcessGroup {
  /** The folder of the run: TMPDIR of its processes. It goes away with the run. */
  folder = mkdtempSync(join(tmpdir(), 'rtc-desk-run-'));
  #cleaner;
  #cleaned;

  constructor() {
    // PostgreSQL runs as another user if root runs the tests.
    if (process.getuid?.() === 0) chmodSync(this.folder, 0o755);
    mkdirSync(groupsFolder(this.folder));
    this.#cleaner = spawn(process.execPath, [CLEANER, this.folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    this.#cleaned = once(this.#cleaner, 'exit');
    this.#cleaner.unref();
    for (const signal of SIGNALS) {
      process.once(signal, () => void this.#interrupt(128 + constants.signals[signal]));
    }
    if (process.env.npm_lifecycle_event) this.#watchParent();
  }

  /**
   * Runs a command in a process group of its own; what is left of the group when the command ends is killed.
   * @param {readonly string[]} command
   * @param {NodeJS.ProcessEnv} [environment]
   * @returns {Promise<number>} the exit code; 1 if a signal ended the command, or it could not start
   */
  async run([program = '', ...args], environment = {}) {
    const child = spawn(program, args, {
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        ...environment,
        TMPDIR: this.folder,
        RTC_DESK_RUN_FOLDER: this.folder,
        RTC_DESK_KEEP_FOLDER: tmpdir(),
      },
    });
    const unregister = register(this.folder, child.pid);
    try {
      const [code] = await once(child, 'exit');
      return code ?? 1;
    } catch (error) {
      console.error(/** @type {Error} */ (error).message);
      return 1;
    } finally {
      killGroup(child.pid);
      unregister();
    }
  }

  /** Ends the processes that are left, and removes the folder. Resolves when both is done. */
  async close() {
    this.#cleaner.ref();
    this.#cleaner.stdin.end();
    await this.#cleaned;
  }

  /** @param {number} exitCode */
  async #interrupt(exitCode) {
    await this.close();
    process.exit(exitCode);
  }

  /** npm passes a signal on, but it cannot pass SIGKILL on: then this process gets another parent. */
  #watchParent() {
    const atStart = ancestors();
    const timer = setInterval(() => {
      if (ancestors() !== atStart) void this.#interrupt(128 + constants.signals.SIGHUP);
    }, PARENT_CHECK_MS);
    timer.unref();
  }
}

/** The pid of the parent, and of its parent if Linux tells it: some shells stay between npm and its script. */
function ancestors() {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    const [, grandparent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${process.ppid} ${grandparent}`;
  } catch {
    return String(process.ppid); // no Linux, or the parent ended in this moment
  }
}

/**
 * Tells the owner of this run, if there is one, of a child process that leads a group of its own.
 * @param {import('node:child_process').ChildProcess | null} leader
 */
export function registerGroup(leader) {
  const folder = process.env.RTC_DESK_RUN_FOLDER;
  if (!folder || !leader || leader.exitCode !== null) return;
  leader.once('exit', register(folder, leader.pid));
}

/**
 * A folder for what a person reads after the run, as the history of a failure. It outlives the run.
 * @param {string} name
 */
export const keptFolder = (name) => join(process.env.RTC_DESK_KEEP_FOLDER ?? tmpdir(), name);

/**
 * @param {string} folder
 * @param {number | undefined} id
 * @returns {() => void} forgets the group again
 */
function register(folder, id) {
  const file = join(groupsFolder(folder), String(id));
  writeFileSync(file, '');
  return () => rmSync(file, { force: true });
}

/**
 * Kills every process of a group, if there are any.
 * @param {number | undefined} id
 */
export function killGroup(id) {
  if (id === undefined) return;
  try {
    process.kill(-id, 'SIGKILL');
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}
