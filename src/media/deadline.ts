import { RtcDeskError, type ErrorCode } from '../protocol/errors.ts';
import type { Clock } from '../snapshot/clock.ts';

/** Settles as `work` does; rejects with `code` where that takes longer than `ms`. */
export function within<T>(clock: Clock, ms: number, code: ErrorCode, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => {
      reject(new RtcDeskError(code, `There was no answer within ${ms} ms.`));
    });
    work.then(resolve, reject).finally(cancel);
  });
}
