import { timeouts } from '../settings/timeouts.ts';

/**
 * For how long a node may still act after a heartbeat: less than the others wait before they take it for
 * dead. Measured from before the heartbeat was sent, by this process's own clock, which goes on while the
 * process is stopped: so one that slept knows it before it does anything.
 */
export class Lease {
  #until = -Infinity;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** `askedAt`: `now()` before the heartbeat was sent that the database has just confirmed. */
  renew(askedAt: number): void {
    this.#until = askedAt + timeouts.lease * 1_000;
  }

  get holds(): boolean {
    return this.now() < this.#until;
  }
}
