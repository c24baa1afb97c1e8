/** Counts by key, up to a limit. */
export class Tally {
  readonly #counts = new Map<string, number>();

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  /** Adds one, or returns null if there are `limit` already. Returns the function that subtracts it again, once. */
  add(key: string, limit: number): (() => void) | null {
    const count = this.of(key);
    if (count >= limit) return null;
    this.#counts.set(key, count + 1);
    let counted = true;
    return () => {
      if (!counted) return;
      counted = false;
      const left = this.of(key) - 1;
      if (left > 0) this.#counts.set(key, left);
      else this.#counts.delete(key);
    };
  }
}
