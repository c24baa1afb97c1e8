import type { Clock } from '../../platform/clock.ts';
import { withTimeout } from '../../platform/with-timeout.ts';
import { RtcDeskError } from '../../protocol/errors.ts';

/** The calls of the SDK that a session waits for. Each has a timeout; the end of the session ends them all. */
export class PendingCalls {
  readonly #stops = new Set<(reason: RtcDeskError) => void>();
  #reason: RtcDeskError | null = null;

  constructor(private readonly clock: Clock) {}

  /** Rejects with `offline` after `ms`, or with the reason of `stop`. A later answer is dropped. */
  wait<T>(ms: number, what: string, answer: Promise<T>): Promise<T> {
    let stop: (reason: RtcDeskError) => void = () => {};
    const stopped = new Promise<never>((_, reject) => (stop = reject));
    this.#stops.add(stop);
    if (this.#reason) stop(this.#reason);
    const settled = Promise.race([answer, stopped]);
    return withTimeout(this.clock, ms, settled, noAnswer(what, ms)).finally(() => {
      this.#stops.delete(stop);
    });
  }

  /** Rejects with the reason of `stop` if that comes first. */
  async pause(ms: number): Promise<void> {
    let cancel = () => {};
    const over = new Promise<void>((resolve) => (cancel = this.clock.after(ms, resolve)));
    try {
      await this.wait(ms + 1, 'pause', over);
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

/** Makes the error of a call that was not answered in time. */
export const noAnswer = (what: string, ms: number) => () =>
  new RtcDeskError('offline', `${what}: no answer within ${ms / 1000} s`);
