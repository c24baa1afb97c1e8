/**
 * Says that the result of work under way is no longer wanted. It can be cancelled once. The core uses it in
 * place of AbortController, which is not a global of the language and which a mini program does not have.
 */
export class Cancellation {
  readonly #listeners = new Set<() => void>();
  #cancelled = false;

  get cancelled(): boolean {
    return this.#cancelled;
  }

  /** Calls `listener` on `cancel`. Returns the function that unsubscribes it. */
  onCancel(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  cancel(): void {
    this.#cancelled = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}
