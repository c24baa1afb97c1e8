import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { freshDataDirectory } from './fresh-data-directory.ts';

const START_TIMEOUT_MS = 60_000;
const MAIN = 'dist/server/main.js';

export interface DeskOptions {
  readonly port?: number;
  /** The provision file for `rtc-desk provision`, which runs before the first start. */
  readonly provision?: object;
  readonly environment?: NodeJS.ProcessEnv;
  /** False: without the demo data, as an operator starts it. */
  readonly demo?: boolean;
}

/**
 * The built server, as `npm start` runs it: a child process, if nothing else is said with the demo data, on a free port
 * and with a new data directory. It can be killed and started again on the same port and directory.
 */
export class DeskProcess {
  #child: ChildProcess | null = null;
  /** All that it printed, for the report of a failing test. */
  output = '';

  private constructor(
    readonly port: number,
    private readonly directory: Awaited<ReturnType<typeof freshDataDirectory>>,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly demo: boolean,
  ) {}

  static async start(options: DeskOptions = {}): Promise<DeskProcess> {
    const directory = await freshDataDirectory();
    const port = options.port ?? (await freePort());
    const desk = new DeskProcess(port, directory, options.environment ?? {}, options.demo ?? true);
    try {
      if (options.provision) await desk.#provision(options.provision);
      await desk.start();
    } catch (error) {
      await desk.dispose();
      throw error;
    }
    return desk;
  }

  async #provision(sites: object): Promise<void> {
    const file = join(this.dataDir, 'sites.json');
    writeFileSync(file, JSON.stringify(sites));
    const child = this.#spawn(['provision', file, '--data-dir', this.dataDir]);
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`provision failed:\n${this.output}`);
  }

  #spawn(args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [MAIN, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...this.environment },
    });
    const keep = (chunk: Buffer) => (this.output += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    return child;
  }

  get dataDir(): string {
    return this.directory.dataDir;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** Resolves when the server is ready. */
  async start(): Promise<void> {
    const where = ['--port', String(this.port), '--data-dir', this.dataDir];
    const child = this.#spawn(['serve', ...(this.demo ? ['--demo'] : []), ...where]);
    this.#child = child;
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await this.#isReady())) {
      if (child.exitCode !== null || Date.now() > deadline) {
        throw new Error(`the server did not start:\n${this.output}`);
      }
      await delay(100);
    }
  }

  async #isReady(): Promise<boolean> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.port}/readyz`);
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false; // it does not listen yet; the caller asks again until its deadline
    }
  }

  /** Ends the process, and waits until it is gone. SIGKILL acts like a crash. */
  async kill(signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  /** Stops the server and removes its data directory. */
  async dispose(): Promise<void> {
    await this.kill('SIGTERM');
    await this.directory.remove();
  }
}
