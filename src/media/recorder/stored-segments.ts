/** The database with what was recorded and is not at the server. */
export const DATABASE = 'rtc-desk-recordings';

/**
 * Whether earlier pages of this browser have left something to send. It asks the database itself: a mark in localStorage
 * would be lost with a browser that crashes, which writes that up to a minute late. Rejects where nothing can be stored.
 */
export function hasStoredSegments(name = DATABASE): Promise<boolean> {
  return new Promise((resolve) => {
    const request = indexedDB.open(name);
    // Nothing was ever stored here: the database is not made either.
    request.onupgradeneeded = () => request.transaction!.abort();
    request.onerror = () => resolve(false);
    request.onsuccess = () => {
      const { result: database } = request;
      const count = database.transaction('segments').objectStore('segments').count();
      count.onsuccess = () => resolve(count.result > 0);
      database.close();
    };
  });
}
