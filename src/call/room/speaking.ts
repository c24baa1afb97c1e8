/** Louder than this begins to speak, softer than the second stops; levels go from 0 to 1. */
const BEGIN = 0.05;
const STOP = 0.025;
/** A pause between words is no end: this long it must be soft, in ms. */
const HOLD = 700;

/** Who speaks, from the levels that are heard: two thresholds and a hold, so that no mark flickers. */
export class Speaking {
  /** When each speaker was last loud enough. */
  readonly #loudAt = new Map<string, number>();

  /** Takes a level in and answers whether this person counts as speaking at `now` (ms). */
  hear(person: string, level: number, now: number): boolean {
    const loudAt = this.#loudAt.get(person);
    if (level >= (loudAt === undefined ? BEGIN : STOP)) {
      this.#loudAt.set(person, now);
      return true;
    }
    if (loudAt === undefined) return false;
    if (now - loudAt < HOLD) return true;
    this.#loudAt.delete(person);
    return false;
  }

  /** ms until the first of them falls silent if nothing more is heard; null where nobody speaks. */
  untilSilence(now: number): number | null {
    if (this.#loudAt.size === 0) return null;
    return Math.max(0, Math.min(...this.#loudAt.values()) + HOLD - now);
  }

  keep(people: ReadonlySet<string>): void {
    for (const person of this.#loudAt.keys()) {
      if (!people.has(person)) this.#loudAt.delete(person);
    }
  }
}
