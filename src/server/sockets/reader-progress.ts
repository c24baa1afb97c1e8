/** A reader that takes nothing of what waits for it for so long is cut off; in ms. */
const PATIENCE = 30_000;

/** Finds the peer that keeps its socket and does not read: what waits for it would wait for ever. */
export class ReaderProgress {
  #sent = 0;
  #taken = 0;

  constructor(private takenAt: number) {}

  /** Bytes more were given to the socket. */
  sent(bytes: number): void {
    this.#sent += bytes;
  }

  /** Whether nothing of what waits has left this process for 30 s; to be asked every few seconds. */
  isStuck(bufferedBytes: number, now: number): boolean {
    const taken = this.#sent - bufferedBytes;
    if (bufferedBytes === 0 || taken > this.#taken) {
      this.#taken = taken;
      this.takenAt = now;
    }
    return now - this.takenAt > PATIENCE;
  }
}
