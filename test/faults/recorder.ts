import type { Event } from './checker/history.ts';

/** Distributes over the kinds, so that each keeps its own fields. */
type Untimed<E> = E extends Event ? Omit<E, 'at'> : never;

/** Records the events of one run, in their order. */
export class Recorder {
  readonly events: Event[] = [];
  #sockets = 0;
  #closed = false;

  add(event: Untimed<Event>): void {
    // What comes while the clients are being closed is no part of the run.
    if (!this.#closed) this.events.push({ ...event, at: now() } as Event);
  }

  /** A number for a new socket. */
  nextSocket(): number {
    return (this.#sockets += 1);
  }

  close(): void {
    this.#closed = true;
  }
}

/** Ms since 1970, by a steady clock. */
const now = (): number => performance.timeOrigin + performance.now();
