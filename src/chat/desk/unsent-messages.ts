import { RtcDeskError } from '../../protocol/errors.ts';
import type { ChatMessage } from '../../protocol/views.ts';
import type { OutgoingMessage } from '../chat.ts';

/** Sends one message after the other, so that they arrive in the order of writing. */
export class UnsentMessages {
  #messages: readonly OutgoingMessage[] = [];
  #running = false;
  #closed = false;

  constructor(
    private readonly deliver: (message: OutgoingMessage) => Promise<ChatMessage>,
    private readonly onDelivered: (message: ChatMessage) => void,
    private readonly onChange: () => void,
  ) {}

  get messages(): readonly OutgoingMessage[] {
    return this.#messages;
  }

  add(message: OutgoingMessage): void {
    this.#messages = [...this.#messages, message];
    this.onChange();
    void this.#run();
  }

  /** Puts a failed message at the end of the queue: later ones may have arrived. */
  retry(id: string): void {
    const failed = this.#messages.find((message) => message.id === id && message.error !== null);
    if (!failed || this.#closed) return;
    this.#messages = this.#messages.filter((message) => message !== failed);
    this.add({ ...failed, error: null });
  }

  /** Marks every unsent message as failed, and returns them as they were: another chat may send them. */
  close(): readonly OutgoingMessage[] {
    const unsent = this.#messages;
    this.#closed = true;
    this.#messages = this.#messages.map((message) => ({
      ...message,
      error: message.error ?? 'conflict',
    }));
    return unsent;
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (;;) {
      const next = this.#messages.find((message) => message.error === null);
      if (!next || this.#closed) break;
      try {
        const message = await this.deliver(next);
        this.#messages = this.#messages.filter(({ id }) => id !== next.id);
        this.onDelivered(message);
      } catch (error) {
        // Shown at the message, with a button that sends it again.
        const code = error instanceof RtcDeskError ? error.code : 'server-error';
        this.#messages = this.#messages.map((message) =>
          message.id === next.id ? { ...message, error: message.error ?? code } : message,
        );
        this.onChange();
      }
    }
    this.#running = false;
  }
}
