import { RtcDeskError } from '../../protocol/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import { within } from '../../platform/with-timeout.ts';

/** What a session waits for, each with a deadline, and all of it ended at once when the session ends. */
export class PendingCalls {
  readonly #stops = new Set<(reason: RtcDeskError) => void>();
  #reason: RtcDeskError | null = null;

  constructor(private readonly clock: Clock) {}

  /** Rejects with `offline` after `ms`, or with the reason of `stop`; an answer that comes later is dropped. */
  ask<T>(ms: number, what: string, answer: Promise<T>): Promise<T> {
    let stop: (reason: RtcDeskError) => void = () => {};
    const stopped = new Promise<never>((_, reject) => (stop = reject));
    this.#stops.add(stop);
    if (this.#reason) stop(this.#reason);
    return within(this.clock, ms, Promise.race([answer, stopped]), silent(what, ms)).finally(() => {
      this.#stops.delete(stop);
    });
  }

  /** Rejects with the reason of `stop` where that comes first. */
  async pause(ms: number): Promise<void> {
    let cancel = () => {};
    const over = new Promise<void>((resolve) => (cancel = this.clock.after(ms, resolve)));
    try {
      await this.ask(ms + 1, 'pause', over);
    } finally {
      cancel();
    }
  }

  /** For good. */
  stop(reason: RtcDeskError): void {
    this.#reason ??= reason;
    for (const stop of [...this.#stops]) stop(this.#reason);
  }
}

/** The failure of whoever gave no answer to `what` in time. */
export const silent = (what: string, ms: number) => () =>
  new RtcDeskError('offline', `${what}: no answer within ${ms / 1000} s`);
