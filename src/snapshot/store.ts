/** The read side of a store: what an element or a test may do with it. */
export interface Readable<S> {
  /** The state as it stands: frozen, and the same object until something changes. */
  getSnapshot(): Readonly<S>;
  /** Calls `listener` after each change. Returns the function that stops it. */
  subscribe(listener: () => void): () => void;
}

/** Holds one frozen snapshot and tells its subscribers when another takes its place. */
export class Store<S extends object> implements Readable<S> {
  #snapshot: Readonly<S>;
  readonly #listeners = new Set<() => void>();

  constructor(initial: S) {
    this.#snapshot = Object.freeze({ ...initial });
  }

  getSnapshot(): Readonly<S> {
    return this.#snapshot;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Changes the named fields. Nobody is told if every one of them already was so, nor who stops listening meanwhile. */
  update(change: Partial<S>): void {
    const before = this.#snapshot;
    const keys = Object.keys(change) as (keyof S)[];
    if (keys.every((key) => Object.is(before[key], change[key]))) return;
    this.#snapshot = Object.freeze({ ...before, ...change });
    for (const listener of [...this.#listeners]) if (this.#listeners.has(listener)) listener();
  }
}
