import type { Clock } from '../../platform/clock.ts';

/** A mark lives this long after the last notice; notices come every 3 s while somebody writes. */
const SHOWN = 5_000;

/** Who writes at this moment. */
export class TypingMarks {
  readonly #timers = new Map<string, () => void>();

  constructor(
    private readonly clock: Clock,
    private readonly changed: () => void,
  ) {}

  get participants(): string[] {
    return [...this.#timers.keys()];
  }

  mark(participant: string): void {
    const shown = this.#timers.get(participant);
    shown?.();
    this.#timers.set(
      participant,
      this.clock.after(SHOWN, () => {
        this.#timers.delete(participant);
        this.changed();
      }),
    );
    if (!shown) this.changed();
  }

  /** They sent what they wrote, or left. The caller tells of the change. */
  unmark(participant: string): void {
    this.#timers.get(participant)?.();
    this.#timers.delete(participant);
  }

  clear(): void {
    for (const participant of this.participants) this.unmark(participant);
  }
}
