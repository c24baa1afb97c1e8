import type { ChatMessage } from '../../protocol/views.ts';

/** The delivered messages of a room, in order and each once. A room numbers them from 1 without a gap. */
export class MessageLog {
  readonly #messages: ChatMessage[] = [];
  readonly #ids = new Set<string>();
  /** Messages that arrived before an earlier one, by sequence. */
  readonly #early = new Map<number, ChatMessage>();

  get messages(): readonly ChatMessage[] {
    return this.#messages;
  }

  /** The sequence up to which nothing is missing; 0 if there is no message. */
  get last(): number {
    return this.#messages.length;
  }

  /** Whether a later message is here already. */
  get hasGap(): boolean {
    return this.#early.size > 0;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Returns the messages that can be read now and could not before. */
  add(messages: readonly ChatMessage[]): readonly ChatMessage[] {
    for (const message of messages) {
      if (message.sequence > this.last) this.#early.set(message.sequence, message);
    }
    const before = this.last;
    for (;;) {
      const next = this.#early.get(this.last + 1);
      if (!next) return this.#messages.slice(before);
      this.#early.delete(next.sequence);
      this.#messages.push(next);
      this.#ids.add(next.id);
    }
  }
}
