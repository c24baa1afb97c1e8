import type { Socket } from 'node:net';

export interface StreamFaults {
  /** Whether new connections carry nothing. */
  frozen: boolean;
  /** How long a byte travels; in ms. */
  delay: number;
  bytesPerSecond: number;
}

/** One direction of a connection. It passes bytes on in order, with a delay and a speed that can be set. */
export class FaultyStream {
  /** Bytes on their way, the oldest first. `at`: when they arrive, by performance.now(). */
  readonly #inTransit: { readonly at: number; readonly arrive: () => void }[] = [];
  #timer: NodeJS.Timeout | null = null;
  #reading: NodeJS.Timeout | null = null;
  #frozen = false;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly faults: StreamFaults,
    private readonly options: { readonly slows: boolean },
  ) {
    from.on('data', (chunk: Buffer) => this.#carry(chunk));
    from.on('end', () => this.#send(() => to.end()));
    to.on('drain', () => this.#resume());
    if (faults.frozen) this.freeze();
  }

  freeze(): void {
    this.#frozen = true;
    this.from.pause();
  }

  thaw(): void {
    this.#frozen = false;
    this.#arrive();
    this.#resume();
  }

  dispose(): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#reading) clearTimeout(this.#reading);
    this.#inTransit.length = 0;
  }

  #carry(chunk: Buffer): void {
    this.#send(() => {
      if (!this.to.write(chunk)) this.from.pause();
    });
    const rate = this.options.slows ? this.faults.bytesPerSecond : Infinity;
    if (rate === Infinity) return;
    this.from.pause();
    this.#reading = setTimeout(
      () => {
        this.#reading = null;
        this.#resume();
      },
      (chunk.length / rate) * 1_000,
    );
  }

  #resume(): void {
    if (!this.#frozen && !this.#reading && !this.to.writableNeedDrain) this.from.resume();
  }

  #send(arrive: () => void): void {
    this.#inTransit.push({ at: performance.now() + this.faults.delay, arrive });
    if (!this.#timer) this.#arrive();
  }

  #arrive(): void {
    this.#timer = null;
    while (!this.#frozen && !this.to.destroyed) {
      const next = this.#inTransit[0];
      if (!next) return;
      const left = next.at - performance.now();
      if (left > 0) {
        this.#timer = setTimeout(() => this.#arrive(), left);
        return;
      }
      this.#inTransit.shift();
      next.arrive();
    }
  }
}
