/** A node that has not been heard for so long is gone; ms. Seven of the calls by which it would show itself. */
const GONE = 15_000;

/**
 * The other nodes that this one has heard of late. Whoever has none need not tell anybody what it does: on one node
 * that would be a NOTIFY every few milliseconds for nobody.
 */
export class PeerNodes {
  /** When each was last heard, by performance.now(). */
  readonly #heard = new Map<string, number>();

  /** True where it had not been there before, or was taken for gone. */
  hear(node: string): boolean {
    const now = performance.now();
    const known = this.#isThere(this.#heard.get(node), now);
    this.#heard.set(node, now);
    return !known;
  }

  get none(): boolean {
    const now = performance.now();
    for (const [node, at] of this.#heard) {
      if (this.#isThere(at, now)) return false;
      this.#heard.delete(node);
    }
    return true;
  }

  #isThere(at: number | undefined, now: number): boolean {
    return at !== undefined && now - at < GONE;
  }
}
