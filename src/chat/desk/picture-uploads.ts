import type { Clock } from '../../platform/clock.ts';
import type { Picture } from '../../platform/platform.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { ChatImage } from '../../protocol/views.ts';

const RETRY_MS = 2_000;
const MAX_ATTEMPTS = 4;

/** Uploads pictures. An interrupted upload is tried again; a refusal is final. */
export class PictureUploads {
  /** Pictures on the server whose message is not acknowledged yet, by message id. */
  readonly #uploaded = new Map<string, ChatImage>();
  readonly #waiting = new Set<() => void>();
  #online = false;
  #closed = false;

  constructor(
    private readonly send: (picture: Picture) => Promise<ChatImage>,
    private readonly clock: Clock,
  ) {}

  async upload(message: string, picture: Picture): Promise<ChatImage> {
    for (let attempt = 1; ; attempt++) {
      const uploaded = this.#uploaded.get(message);
      if (uploaded) return uploaded;
      await this.#until(() => this.#online);
      if (this.#closed) throw new RtcDeskError('conflict');
      try {
        this.#uploaded.set(message, await this.send(picture));
      } catch (error) {
        const interrupted = error instanceof RtcDeskError && error.code === 'offline';
        if (!interrupted || attempt === MAX_ATTEMPTS) throw error;
        let over = false;
        const cancel = this.clock.after(RETRY_MS, () => {
          over = true;
          this.#wake();
        });
        await this.#until(() => over);
        cancel();
      }
    }
  }

  forget(message: string): void {
    this.#uploaded.delete(message);
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

  /** Resolves when `condition` holds, or when closed. */
  #until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!condition() && !this.#closed) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }
}
