/** Counts what is there by key, up to a limit. */
export class Tally {
  readonly #counts = new Map<string, number>();

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  /** One more, unless there are `most` already: then null. Returns the function that takes it away again, once. */
  add(key: string, most: number): (() => void) | null {
    const count = this.of(key);
    if (count >= most) return null;
    this.#counts.set(key, count + 1);
    let there = true;
    return () => {
      if (!there) return;
      there = false;
      const left = this.of(key) - 1;
      if (left > 0) this.#counts.set(key, left);
      else this.#counts.delete(key);
    };
  }
}
