/** A function that reads at its first call, and answers with the same from then on. A read that failed is tried again. */
export function readOnce<T>(read: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | null = null;
  return () =>
    (known ??= read().catch((error: unknown) => {
      known = null;
      throw error;
    }));
}
