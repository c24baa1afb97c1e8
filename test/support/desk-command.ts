import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** From the sources, or from the build, which starts in half the time. */
const PROGRAMS = {
  sources: ['--import=tsx', 'src/server/main.ts'],
  built: ['dist/server/main.js'],
} as const;

/** `rtc-desk …` as a child process. */
export class DeskCommand {
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;

  constructor(
    args: readonly string[],
    environment: NodeJS.ProcessEnv = {},
    /** Or a script, and the folder in which it runs. */
    program:
      keyof typeof PROGRAMS | { readonly folder: string; readonly script: string } = 'sources',
  ) {
    const [cwd, node] =
      typeof program === 'string' ? [ROOT, PROGRAMS[program]] : [program.folder, [program.script]];
    const { PATH, HOME, TMPDIR } = process.env;
    this.#child = spawn(process.execPath, [...node, ...args], {
      cwd,
      env: { PATH, HOME, TMPDIR, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    // 'close' comes after all output, 'exit' may come before.
    this.#ended = once(this.#child, 'close').then(([code]) => code as number | null);
  }

  /** The address that it prints when it listens. Rejects if it ends before. */
  async listening(): Promise<string> {
    for (;;) {
      const port = /(?:listens on http:\/\/127\.0\.0\.1|http:\/\/localhost):(\d+)/.exec(
        this.stdout,
      );
      if (port) return `http://127.0.0.1:${port[1]}`;
      const ended = await Promise.race([
        this.#ended.then(() => true),
        once(this.#child.stdout!, 'data').then(() => false),
      ]);
      if (ended)
        throw new Error(`the process ended before it listened:\n${this.stdout}${this.stderr}`);
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Its exit code; null if a signal ended it. */
  ended(): Promise<number | null> {
    return this.#ended;
  }

  async dispose(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.kill('SIGKILL');
    await this.#ended;
  }
}
