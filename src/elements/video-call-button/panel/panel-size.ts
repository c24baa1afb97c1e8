const KEY = 'rtc-desk:small';

/** Whether the visitor minimised the panel on the page before this one. */
export function wasSmall(): boolean {
  try {
    return sessionStorage.getItem(KEY) !== null;
  } catch {
    return false; // Storage is blocked: the panel opens in full.
  }
}

export function keepSmall(small: boolean): void {
  try {
    if (small) sessionStorage.setItem(KEY, '1');
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage is blocked: after a reload the panel opens in full.
  }
}
