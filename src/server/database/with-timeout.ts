/** That something took longer than it may. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** Rejects with NoAnswer where `work` takes longer; what becomes of it then is its owner's business. */
export async function withTimeout<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    // A process that was held up finds the timer due and the answer in its socket: that is read first.
    timer = setTimeout(() => setImmediate(() => reject(new NoAnswer(`no answer in ${ms} ms`))), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
