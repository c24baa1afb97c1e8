import type { Event } from './checker/history.ts';

/** Distributes over the kinds, so that each keeps its own fields. */
type Untimed<E> = E extends Event ? Omit<E, 'at'> : never;

/** Writes down what happens in one run, in the order in which it happens. */
export class Recorder {
  readonly events: Event[] = [];
  #sockets = 0;
  #over = false;

  add(event: Untimed<Event>): void {
    // What sockets still say while everybody goes home is no part of the run.
    if (!this.#over) this.events.push({ ...event, at: now() } as Event);
  }

  /** A number for one more socket. */
  nextSocket(): number {
    return (this.#sockets += 1);
  }

  close(): void {
    this.#over = true;
  }
}

/** Ms since 1970, by a clock that only goes forward. */
export const now = (): number => performance.timeOrigin + performance.now();
