import { DeskCommand } from '../../support/desk-command.ts';
import { freePort } from '../../support/free-port.ts';
import { waitUntil } from '../../support/wait-until.ts';
import type { ServerAddress } from '../clients/client.ts';

const START_TIMEOUT_MS = 60_000;

/** One built `rtc-desk serve`, always on the same port. */
export class NodeProcess implements ServerAddress {
  isFrozen = false;
  /** How often it ended by itself after it had served. */
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

  /** What it has printed since the last call of this method, over all its starts. */
  takeLog(): string {
    this.#collectLog();
    const log = this.#log;
    this.#log = '';
    return log;
  }

  /** Resolves when it serves. Rejects if it ends before. */
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
      // It ended by itself: `ready` rejects.
      this.#log += `\n${this.name} ended by itself with ${code}\n`;
      if (this.#hasServed) this.crashes += 1;
      this.#command = null;
    });
    await this.ready();
    this.#hasServed = true;
  }

  /** Resolves when `/readyz` answers with 200. */
  async ready(): Promise<void> {
    const command = this.#command;
    await waitUntil(
      `${this.name} serves`,
      () => {
        if (this.#command === command) return this.#isReady();
        throw new Error(`${this.name} ended:\n${this.#log.slice(-2_000)}`);
      },
      START_TIMEOUT_MS,
    );
  }

  async #isReady(): Promise<boolean> {
    try {
      const response = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false; // it does not listen yet; it is asked again until the deadline
    }
  }

  /** Ends it; resolves when it is gone. SIGKILL acts like a crash, SIGTERM like an operator. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const command = this.#command;
    if (!command) return;
    this.#command = null;
    command.kill(signal);
    // A frozen process does not handle SIGTERM.
    if (this.isFrozen) command.kill('SIGCONT');
    this.isFrozen = false;
    this.#ending = command.ended();
    await this.#ending;
  }

  /** Stops the process with all its sockets open. */
  freeze(): void {
    this.#command?.kill('SIGSTOP');
    this.isFrozen = this.running;
  }

  thaw(): void {
    this.#command?.kill('SIGCONT');
    this.isFrozen = false;
  }

  #collectLog(): void {
    if (!this.#command) return;
    this.#log += this.#command.stderr;
    this.#command.stderr = '';
  }
}
