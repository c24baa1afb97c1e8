import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a child can be asked to do, by name. */
export type Jobs = Readonly<Record<string, (input: never) => unknown>>;

interface Asked {
  readonly ask: string;
  readonly input: unknown;
  readonly id: number;
}

interface Answered {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** In a child: does what the parent asks, and ends when the parent is gone. */
export function answerJobs(jobs: Jobs): void {
  process.on('message', ({ ask, input, id }: Asked) => {
    const job = jobs[ask] as ((input: unknown) => unknown) | undefined;
    Promise.resolve()
      .then(() => job?.(input))
      .then(
        (value) => process.send?.({ id, value } satisfies Answered),
        (error: Error) =>
          process.send?.({ id, error: error.stack ?? String(error) } satisfies Answered),
      );
  });
  process.once('disconnect', () => process.exit(0));
}

/** A process of a benchmark's own, so that what is measured shares no event loop with what measures. */
export class Child<J extends Jobs> {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answered) => void>();
  readonly #ended: Promise<unknown>;
  #last = 0;

  /** `file` calls `answerJobs`; relative to test/bench. */
  constructor(file: string, environment: NodeJS.ProcessEnv = {}) {
    this.#process = fork(fileURLToPath(new URL(file, import.meta.url)), {
      execArgv: ['--import=tsx', '--expose-gc'],
      env: { ...process.env, ...environment },
    });
    this.#ended = once(this.#process, 'exit').then(() => {
      for (const [id, settle] of this.#waiting) settle({ id, error: `${file} has ended` });
    });
    this.#process.on('message', (answer: Answered) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  /** Rejects where the job failed, or the process has ended. */
  async ask<N extends keyof J & string>(
    name: N,
    ...[input]: Parameters<J[N]>
  ): Promise<Awaited<ReturnType<J[N]>>> {
    const id = (this.#last += 1);
    const answer = await new Promise<Answered>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#process.send({ ask: name, input, id } satisfies Asked);
    });
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value as Awaited<ReturnType<J[N]>>;
  }

  /** Ends it as a crash would, and waits until it is gone. */
  async kill(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGKILL');
    }
    await this.#ended;
  }
}
