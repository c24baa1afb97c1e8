/**
 * Keeps what was read for some seconds, and shares one read among those who ask at the same time. A failure is not
 * kept.
 */
export class ShortCache<T> {
  readonly #kept = new Map<string, { readonly value: Promise<T>; readonly until: number }>();

  constructor(
    private readonly seconds: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get(key: string, read: () => Promise<T>): Promise<T> {
    const now = this.now();
    const found = this.#kept.get(key);
    if (found && found.until > now) return found.value;
    for (const [other, { until }] of this.#kept) if (until <= now) this.#kept.delete(other);
    const value = read();
    this.#kept.set(key, { value, until: now + this.seconds * 1000 });
    value.catch(() => {
      if (this.#kept.get(key)?.value === value) this.#kept.delete(key);
    });
    return value;
  }
}
