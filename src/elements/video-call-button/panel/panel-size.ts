const KEY = 'rtc-desk:small';

/** What the visitor minimised on this page or the one before it: the wait or the room; null for nothing. */
export function wasSmall(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null; // Storage is blocked: the panel opens in full.
  }
}

export function keepSmall(view: string | false): void {
  try {
    if (view) sessionStorage.setItem(KEY, view);
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage is blocked: after a reload the panel opens in full.
  }
}
