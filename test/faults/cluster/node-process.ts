import { DeskCommand } from '../../support/desk-command.ts';
import { freePort } from '../../support/free-port.ts';
import { waitUntil } from '../../support/wait-until.ts';
import type { Door } from '../clients/client.ts';

const STARTS_WITHIN = 60_000;

/** One `rtc-desk serve` as it was built, always on the same port. */
export class NodeProcess implements Door {
  stopped = false;
  /** How often it ended though nobody had asked for it, and it had served. */
  crashes = 0;
  #command: DeskCommand | null = null;
  #hasServed = false;
  #ending: Promise<unknown> = Promise.resolve();
  #log = '';

  private constructor(
    readonly name: string,
    readonly port: number,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  static async make(name: string, environment: NodeJS.ProcessEnv): Promise<NodeProcess> {
    return new NodeProcess(name, await freePort(), environment);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get running(): boolean {
    return this.#command !== null;
  }

  /** What it printed since the last call, through all its lives. */
  takeLog(): string {
    this.#gatherLog();
    const log = this.#log;
    this.#log = '';
    return log;
  }

  /** Resolves when it is ready to serve; rejects where it ends before. */
  async start(): Promise<void> {
    await this.#ending;
    if (this.#command) return;
    const command = new DeskCommand(
      ['serve', '--port', String(this.port)],
      this.environment,
      'built',
    );
    this.#command = command;
    this.#hasServed = false;
    void command.ended().then((code) => {
      this.#log += command.stderr;
      if (this.#command !== command) return;
      // Nobody asked for it: whoever waits for this node is told.
      this.#log += `\n${this.name} ended by itself with ${code}\n`;
      if (this.#hasServed) this.crashes += 1;
      this.#command = null;
    });
    await this.ready();
    this.#hasServed = true;
  }

  /** Resolves when it answers that it can serve, as after a database came back. */
  async ready(): Promise<void> {
    const command = this.#command;
    await waitUntil(
      `${this.name} serves`,
      () => {
        if (this.#command === command) return this.#isReady();
        throw new Error(`${this.name} ended:\n${this.#log.slice(-2_000)}`);
      },
      STARTS_WITHIN,
    );
  }

  async #isReady(): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false; // not listening yet: asked again until the deadline
    }
  }

  /** Ends it and resolves when it is gone: SIGKILL as a power cut would, SIGTERM as an operator would. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const command = this.#command;
    if (!command) return;
    this.#command = null;
    command.kill(signal);
    // A stopped process does not hear that it should end.
    if (this.stopped) command.kill('SIGCONT');
    this.stopped = false;
    this.#ending = command.ended();
    await this.#ending;
  }

  /** Stands still from now on, with all its sockets open. */
  freeze(): void {
    this.#command?.kill('SIGSTOP');
    this.stopped = this.running;
  }

  thaw(): void {
    this.#command?.kill('SIGCONT');
    this.stopped = false;
  }

  #gatherLog(): void {
    if (!this.#command) return;
    this.#log += this.#command.stderr;
    this.#command.stderr = '';
  }
}
