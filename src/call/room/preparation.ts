import type { PreparedMedia } from '../../media/media.ts';

/** The media of a call that rings: made once, taken by the call's room, or closed when it no longer rings. */
export class MediaPreparation {
  #prepared: PreparedMedia | null = null;
  #running = false;
  /** Counts the calls, so that what is made too late for one is closed. */
  #turn = 0;

  /** Does nothing where it was started already. `make` never rejects. */
  start(make: () => Promise<PreparedMedia | null>): void {
    if (this.#running) return;
    this.#running = true;
    const turn = this.#turn;
    void make().then((prepared) => {
      if (turn === this.#turn) this.#prepared = prepared;
      else prepared?.close();
    });
  }

  /** Null where nothing is ready. The caller closes it. */
  take(): PreparedMedia | null {
    const prepared = this.#prepared;
    this.#prepared = null;
    return prepared;
  }

  stop(): void {
    this.#turn++;
    this.#running = false;
    this.take()?.close();
  }
}
