import type { Clock } from '../../platform/clock.ts';

/** A mark lasts this long after the last notice. Notices come every 3 s while somebody types. */
const SHOWN_MS = 5_000;

/** Who is typing at the moment. */
export class TypingMarks {
  readonly #timers = new Map<string, () => void>();

  constructor(
    private readonly clock: Clock,
    private readonly onChange: () => void,
  ) {}

  get participants(): string[] {
    return [...this.#timers.keys()];
  }

  mark(participant: string): void {
    const cancel = this.#timers.get(participant);
    cancel?.();
    this.#timers.set(
      participant,
      this.clock.after(SHOWN_MS, () => {
        this.#timers.delete(participant);
        this.onChange();
      }),
    );
    if (!cancel) this.onChange();
  }

  /** Does not call `onChange`. */
  unmark(participant: string): void {
    this.#timers.get(participant)?.();
    this.#timers.delete(participant);
  }

  clear(): void {
    for (const participant of this.participants) this.unmark(participant);
  }
}
