/**
 * Removes what the tests of one subject left in this browser. Never `clear()`: test files run at the same
 * time in windows of one origin, and would take it from each other.
 */
export function forgetStorage(prefix: string): void {
  for (const storage of [localStorage, sessionStorage]) {
    for (const key of Object.keys(storage)) if (key.startsWith(prefix)) storage.removeItem(key);
  }
}
