import { createHash } from 'node:crypto';
import type { View } from '../../protocol/views.ts';

/** A view as it was read: `rev` and `now` belong to the moment of reading. */
interface ReadView {
  readonly rev: number;
  readonly now: number;
  readonly view: View;
}

/**
 * The snapshots of one socket. One is sent only if the view differs from the last one, and only when the last one
 * has left this process, so that a slow reader never has two waiting. A digest of the last view is kept, not its
 * text: ten thousand sockets have ten thousand views.
 */
export class SnapshotSender {
  #digest = '';
  #sending = false;
  #onSent: (() => void) | null = null;

  constructor(private readonly write: (frame: string, flushed: () => void) => void) {}

  /** False while the last snapshot is being sent: `onSent` is then called when the next one may be read. */
  isReady(onSent: () => void): boolean {
    if (!this.#sending) return true;
    this.#onSent = onSent;
    return false;
  }

  /** Sends the view unless it is the one that was sent last. */
  offer({ rev, now, view }: ReadView): void {
    const text = JSON.stringify(view);
    const digest = createHash('sha1').update(text).digest('base64');
    if (digest === this.#digest) return;
    this.#digest = digest;
    this.#sending = true;
    this.write(`{"type":"snapshot","rev":${rev},"now":${now},"view":${text}}`, () => {
      this.#sending = false;
      const onSent = this.#onSent;
      this.#onSent = null;
      onSent?.();
    });
  }
}
