import { RtcDeskError } from '../../protocol/errors.ts';
import type { ChatImage } from '../../protocol/views.ts';
import type { Clock } from '../../platform/clock.ts';

const RETRY = 2_000;
const ATTEMPTS = 4;

/** Brings pictures to the server: a cut on the way is waited out, a refusal is final. */
export class PictureUploads {
  /** On the server already, though not yet in a message that was acknowledged; by message id. */
  readonly #done = new Map<string, ChatImage>();
  readonly #waiting = new Set<() => void>();
  #online = false;
  #closed = false;

  constructor(
    private readonly send: (picture: Blob) => Promise<ChatImage>,
    private readonly clock: Clock,
  ) {}

  async upload(message: string, picture: Blob): Promise<ChatImage> {
    for (let attempt = 1; ; attempt++) {
      const done = this.#done.get(message);
      if (done) return done;
      await this.#until(() => this.#online);
      if (this.#closed) throw new RtcDeskError('conflict');
      try {
        this.#done.set(message, await this.send(picture));
      } catch (error) {
        const cut = error instanceof RtcDeskError && error.code === 'offline';
        if (!cut || attempt === ATTEMPTS) throw error;
        let over = false;
        const cancel = this.clock.after(RETRY, () => {
          over = true;
          this.#wake();
        });
        await this.#until(() => over);
        cancel();
      }
    }
  }

  forget(message: string): void {
    this.#done.delete(message);
  }

  handleConnection(online: boolean): void {
    this.#online = online;
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Resolves when `met`, or when closed. */
  #until(met: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!met() && !this.#closed) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}
