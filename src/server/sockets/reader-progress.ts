/** A peer that takes nothing of what waits for it for this long is cut off. */
const STUCK_AFTER_MS = 30_000;

/** Finds a peer that keeps its socket open and does not read from it. */
export class ReaderProgress {
  #sent = 0;
  #taken = 0;

  constructor(private takenAt: number) {}

  /** So many more bytes were given to the socket. */
  sent(bytes: number): void {
    this.#sent += bytes;
  }

  /** Whether nothing of what waits has left this process for 30 s. To be asked every few seconds. */
  isStuck(bufferedBytes: number, now: number): boolean {
    const taken = this.#sent - bufferedBytes;
    if (bufferedBytes === 0 || taken > this.#taken) {
      this.#taken = taken;
      this.takenAt = now;
    }
    return now - this.takenAt > STUCK_AFTER_MS;
  }
}
