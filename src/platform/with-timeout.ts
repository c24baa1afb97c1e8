import type { Clock } from './clock.ts';

/** Settles as `work` does, or rejects with what `late` makes after `ms`; what comes later is dropped. */
export function within<T>(
  clock: Clock,
  ms: number,
  work: Promise<T>,
  late: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => reject(late()));
    work.then(resolve, reject).finally(cancel);
  });
}
