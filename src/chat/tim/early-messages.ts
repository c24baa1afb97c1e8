import type { ChannelMessage } from './message.ts';

/** Nobody reads more before the desk delivers. Beyond it the oldest are dropped. */
const MAX_MESSAGES = 200;

/** Messages that IM delivered and the desk has not delivered yet, each once, in the order of arrival. */
export class EarlyMessages {
  readonly #messages = new Map<string, ChannelMessage>();
  /** The ids of those that the person saw. The desk delivers them again as if they were new. */
  readonly #seen = new Set<string>();

  get messages(): readonly ChannelMessage[] {
    return [...this.#messages.values()];
  }

  add(message: ChannelMessage): void {
    if (this.#messages.has(message.id)) return;
    this.#messages.set(message.id, message);
    for (const id of this.#messages.keys()) {
      if (this.#messages.size <= MAX_MESSAGES) break;
      this.#messages.delete(id);
      this.#seen.delete(id);
    }
  }

  /** The desk has delivered these. */
  remove(delivered: ReadonlySet<string>): void {
    for (const id of this.#messages.keys()) if (delivered.has(id)) this.#messages.delete(id);
  }

  /** The person has seen all of them. */
  see(): void {
    for (const id of this.#messages.keys()) this.#seen.add(id);
  }

  wasSeen(id: string): boolean {
    return this.#seen.has(id);
  }
}
