/** Something took longer than its timeout. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** Rejects with a TimeoutError if `work` takes longer than `ms`. It does not stop `work`. */
export async function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    // After a pause of the process, the timer is due while the answer waits in the socket: the answer is read first.
    timer = setTimeout(
      () => setImmediate(() => reject(new TimeoutError(`no answer in ${ms} ms`))),
      ms,
    );
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
