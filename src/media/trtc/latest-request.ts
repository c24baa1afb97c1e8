/** Runs the latest request, one at a time. A request is dropped if a later one arrives before it starts. */
export class LatestRequest<R> {
  #next: { readonly request: R } | null = null;
  #running: Promise<void> | null = null;

  /** `run` must not reject. It handles its own failures. */
  constructor(private readonly run: (request: R) => Promise<void>) {}

  set(request: R): void {
    this.#next = { request };
    this.#running ??= this.#run();
  }

  /** Resolves when nothing runs any more. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // So that `#running` is set before the first request runs, which may set another one at once.
    await null;
    while (this.#next) {
      const { request } = this.#next;
      this.#next = null;
      await this.run(request);
    }
    this.#running = null;
  }
}
