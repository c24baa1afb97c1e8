/** Lets tests wait for something that comes piece by piece. */
export class Arrivals {
  readonly #checks = new Set<() => void>();

  /**
   * After `patience` ms a test that waits in vain is told what did come, as `tellWhatCame` puts it; nothing is
   * measured by it.
   */
  constructor(
    private readonly patience: number,
    private readonly tellWhatCame: () => string,
  ) {}

  /** A piece has come, or none will any more: everyone who waits looks again. */
  note(): void {
    for (const check of [...this.#checks]) check();
  }

  /** Resolves as soon as `condition` holds. */
  until(what: string, condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#checks.delete(check);
        reject(new Error(`${what} did not come; ${this.tellWhatCame()}`));
      }, this.patience);
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
