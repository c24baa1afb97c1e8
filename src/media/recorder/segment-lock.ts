/**
 * Takes the right to send a segment, which one page has at a time: the page that records it, or after its end another
 * one. The browser releases it when the page is lost. Resolves to the function that releases it; null if another page has
 * it.
 */
export function lockSegment(id: string): Promise<(() => void) | null> {
  const { locks } = navigator as { locks?: LockManager };
  if (!locks) return Promise.resolve(() => undefined);
  return new Promise((resolve) => {
    locks
      .request(`rtc-desk-segment:${id}`, { ifAvailable: true }, (granted) => {
        if (!granted) return resolve(null);
        return new Promise<void>((release) => resolve(release));
      })
      .catch(() => {
        // A frame that may not use locks.
        resolve(() => undefined);
      });
  });
}
