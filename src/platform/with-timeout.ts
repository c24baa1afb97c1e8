import type { Clock } from './clock.ts';

/** Settles as `work` does, or rejects with the error of `onTimeout` after `ms`. A later result is dropped. */
export function withTimeout<T>(
  clock: Clock,
  ms: number,
  work: Promise<T>,
  onTimeout: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(onTimeout()));
    work.then(resolve, reject).finally(cancel);
  });
}
