import { RtcDeskError } from '../protocol/errors.ts';
import type { Clock } from '../snapshot/clock.ts';

/** Settles as `answer` does, or rejects with `offline` after `ms`; what comes later is dropped. */
export function within<T>(clock: Clock, ms: number, what: string, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => {
      reject(new RtcDeskError('offline', `${what}: no answer within ${ms / 1000} s`));
    });
    answer.then(resolve, reject).finally(cancel);
  });
}
