/** Carries out the newest of a row of wishes, one at a time; a wish that a newer one overtook is dropped. */
export class LatestRequest<W> {
  #next: { readonly wish: W } | null = null;
  #running: Promise<void> | null = null;

  /** `carryOut` must not reject: what failed is its own to mend. */
  constructor(private readonly carryOut: (wish: W) => Promise<void>) {}

  set(wish: W): void {
    this.#next = { wish };
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is being carried out any more. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // A wish from inside of the first one's own beginning finds `#running` not yet set: it waits a turn.
    await null;
    while (this.#next) {
      const { wish } = this.#next;
      this.#next = null;
      await this.carryOut(wish);
    }
    this.#running = null;
  }
}
