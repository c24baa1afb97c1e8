import { timeouts } from '../settings/timeouts.ts';

/**
 * How long a node may act after a heartbeat: shorter than the time after which other nodes declare it dead.
 * It counts from before the heartbeat was sent, by this process's own clock. That clock goes on while
 * the process is stopped, so a process that was stopped knows that its lease is over before it acts again.
 */
export class Lease {
  #until = -Infinity;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** `askedAt`: `now()` before the heartbeat was sent that the database has just confirmed. */
  renew(askedAt: number): void {
    this.#until = askedAt + timeouts.lease * 1_000;
  }

  get valid(): boolean {
    return this.now() < this.#until;
  }
}
