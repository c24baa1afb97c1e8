import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The jobs of a child process, by name. */
export type Jobs = Readonly<Record<string, (input: never) => unknown>>;

interface JobRequest {
  readonly ask: string;
  readonly input: unknown;
  readonly id: number;
}

interface JobAnswer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** In a child process: runs the jobs that the parent asks for, and ends when the parent is gone. */
export function answerJobs(jobs: Jobs): void {
  process.on('message', ({ ask, input, id }: JobRequest) => {
    const job = jobs[ask] as ((input: unknown) => unknown) | undefined;
    Promise.resolve()
      .then(() => job?.(input))
      .then(
        (value) => process.send?.({ id, value } satisfies JobAnswer),
        (error: Error) =>
          process.send?.({ id, error: error.stack ?? String(error) } satisfies JobAnswer),
      );
  });
  process.once('disconnect', () => process.exit(0));
}

/** A child process of a benchmark: what is measured shares no event loop with what measures. */
export class Child<J extends Jobs> {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: JobAnswer) => void>();
  readonly #ended: Promise<unknown>;
  #last = 0;

  /** `file` is relative to test/bench, and calls `answerJobs`. */
  constructor(file: string, environment: NodeJS.ProcessEnv = {}) {
    this.#process = fork(fileURLToPath(new URL(file, import.meta.url)), {
      execArgv: ['--import=tsx', '--expose-gc'],
      env: { ...process.env, ...environment },
    });
    this.#ended = once(this.#process, 'exit').then(() => {
      for (const [id, settle] of this.#waiting) settle({ id, error: `${file} has ended` });
    });
    this.#process.on('message', (answer: JobAnswer) => {
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  /** Runs a job in the child process. Rejects if the job fails or the process ends. */
  async ask<N extends keyof J & string>(
    name: N,
    ...[input]: Parameters<J[N]>
  ): Promise<Awaited<ReturnType<J[N]>>> {
    const id = (this.#last += 1);
    const answer = await new Promise<JobAnswer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#process.send({ ask: name, input, id } satisfies JobRequest);
    });
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.value as Awaited<ReturnType<J[N]>>;
  }

  /** Kills the process, and waits until it is gone. */
  async kill(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      this.#process.kill('SIGKILL');
    }
    await this.#ended;
  }
}
