import { createHash } from 'node:crypto';
import type { View } from '../../protocol/views.ts';
import { viewText } from './view-text.ts';

/** A view as it was read: `rev` and `now` belong to the moment of reading. */
export interface ReadView {
  readonly rev: number;
  readonly now: number;
  readonly view: View;
}

/**
 * The snapshots of one socket: one is sent only where it differs from the last, and only once that has
 * left this process, so that a slow reader never has two waiting. Of the last one a digest is kept,
 * not the text: ten thousand sockets hold ten thousand views.
 */
export class SnapshotOutbox {
  #digest = '';
  #onItsWay = false;
  #wanted: (() => void) | null = null;

  constructor(private readonly write: (frame: string, flushed: () => void) => void) {}

  /** False while the last snapshot is on its way: `again` is then called when the next may be read. */
  isReady(again: () => void): boolean {
    if (!this.#onItsWay) return true;
    this.#wanted = again;
    return false;
  }

  /** Sends the view unless it is the one that was sent last. */
  offer({ rev, now, view }: ReadView): void {
    const text = viewText(view);
    const digest = createHash('sha1').update(text).digest('base64');
    if (digest === this.#digest) return;
    this.#digest = digest;
    this.#onItsWay = true;
    this.write(`{"type":"snapshot","rev":${rev},"now":${now},"view":${text}}`, () => {
      this.#onItsWay = false;
      const again = this.#wanted;
      this.#wanted = null;
      again?.();
    });
  }
}
