/** Levels from 0 to 1: a speaker starts at the first one and stops below the second one. */
const START_LEVEL = 0.05;
const STOP_LEVEL = 0.025;
/** How long the level must be low: a pause between words is not the end. */
const HOLD_MS = 700;

/** Tells from sound levels who speaks. Two thresholds and a hold time keep the mark from flickering. */
export class Speaking {
  /** When each speaker was last loud enough. */
  readonly #loudAt = new Map<string, number>();

  /** Adds a level and returns whether this person speaks at `now` (ms). */
  addLevel(person: string, level: number, now: number): boolean {
    const loudAt = this.#loudAt.get(person);
    if (level >= (loudAt === undefined ? START_LEVEL : STOP_LEVEL)) {
      this.#loudAt.set(person, now);
      return true;
    }
    if (loudAt === undefined) return false;
    if (now - loudAt < HOLD_MS) return true;
    this.#loudAt.delete(person);
    return false;
  }

  /** The ms until the first speaker counts as silent without a further level; null if nobody speaks. */
  untilSilence(now: number): number | null {
    if (this.#loudAt.size === 0) return null;
    return Math.max(0, Math.min(...this.#loudAt.values()) + HOLD_MS - now);
  }

  /** Drops everybody else. */
  keep(people: ReadonlySet<string>): void {
    for (const person of this.#loudAt.keys()) {
      if (!people.has(person)) this.#loudAt.delete(person);
    }
  }
}
