import type { ChannelMessage } from './message.ts';

/** More than anybody reads before the record catches up; a flood pushes out its own oldest. */
const MOST = 200;

/** What came over the cloud's line and is not in the desk's record yet, each once, in the order of coming. */
export class EarlyMessages {
  readonly #messages = new Map<string, ChannelMessage>();
  /** Those that the person saw here; the record brings them again as if they were new. */
  readonly #seen = new Set<string>();

  get messages(): readonly ChannelMessage[] {
    return [...this.#messages.values()];
  }

  add(message: ChannelMessage): void {
    if (this.#messages.has(message.id)) return;
    this.#messages.set(message.id, message);
    for (const id of this.#messages.keys()) {
      if (this.#messages.size <= MOST) break;
      this.#messages.delete(id);
      this.#seen.delete(id);
    }
  }

  /** These are in the record. */
  remove(recorded: ReadonlySet<string>): void {
    for (const id of this.#messages.keys()) if (recorded.has(id)) this.#messages.delete(id);
  }

  see(): void {
    for (const id of this.#messages.keys()) this.#seen.add(id);
  }

  wasSeen(id: string): boolean {
    return this.#seen.has(id);
  }
}
