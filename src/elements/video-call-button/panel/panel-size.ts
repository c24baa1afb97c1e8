const KEY = 'rtc-desk:small';

/** Whether the visitor had put the panel aside on the page before this one. */
export function wasSmall(): boolean {
  try {
    return sessionStorage.getItem(KEY) !== null;
  } catch {
    return false; // Storage is blocked: the panel comes back open.
  }
}

export function keepSmall(small: boolean): void {
  try {
    if (small) sessionStorage.setItem(KEY, '1');
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage is blocked: only the size after a reload is lost.
  }
}
