/** Lets tests wait until what has come so far fulfils a condition. */
export class ConditionWaiter {
  readonly #checks = new Set<() => void>();

  /** After `timeoutMs` a test that still waits fails; the error has `describe()`: what did come. */
  constructor(
    private readonly timeoutMs: number,
    private readonly describe: () => string,
  ) {}

  /** Something has come, or the source has ended: every waiting condition is checked again. */
  check(): void {
    for (const check of [...this.#checks]) check();
  }

  /** Resolves as soon as `condition` holds. */
  until(what: string, condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#checks.delete(check);
        reject(new Error(`${what} did not come; ${this.describe()}`));
      }, this.timeoutMs);
      const check = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#checks.delete(check);
        resolve();
      };
      this.#checks.add(check);
      check();
    });
  }
}
