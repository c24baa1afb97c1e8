import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import type { ChatMessage } from '../../protocol/views.ts';

/** A message of ours that the server has not acknowledged. Exactly one of text and picture. */
export interface OutgoingMessage {
  readonly id: string;
  readonly sentAt: number;
  readonly text: string | null;
  readonly picture: Blob | null;
  readonly error: ErrorCode | null;
}

/** Sends one message after the other, so that they arrive in the order in which they were written. */
export class Outbox {
  #messages: readonly OutgoingMessage[] = [];
  #running = false;
  #closed = false;

  constructor(
    private readonly deliver: (message: OutgoingMessage) => Promise<ChatMessage>,
    private readonly delivered: (message: ChatMessage) => void,
    private readonly changed: () => void,
  ) {}

  get messages(): readonly OutgoingMessage[] {
    return this.#messages;
  }

  add(message: OutgoingMessage): void {
    this.#messages = [...this.#messages, message];
    this.changed();
    void this.#run();
  }

  /** A failed message goes to the end of the line: what was written after it may have arrived. */
  retry(id: string): void {
    const failed = this.#messages.find((message) => message.id === id && message.error !== null);
    if (!failed || this.#closed) return;
    this.#messages = this.#messages.filter((message) => message !== failed);
    this.add({ ...failed, error: null });
  }

  /** What is still unsent has failed here; answers with it, for whoever may yet send it. */
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
        this.delivered(message);
      } catch (error) {
        // The code stands beside the message, with a button to send it again.
        const code = error instanceof RtcDeskError ? error.code : 'server-error';
        this.#messages = this.#messages.map((message) =>
          message.id === next.id ? { ...message, error: message.error ?? code } : message,
        );
        this.changed();
      }
    }
    this.#running = false;
  }
}
