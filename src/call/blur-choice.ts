const KEY = 'rtc-desk-blur';

/** Whether whoever sits here last chose to have their room blurred; false where a page has no storage. */
export function blurChosen(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

export function keepBlurChoice(chosen: boolean): void {
  try {
    if (chosen) localStorage.setItem(KEY, '');
    else localStorage.removeItem(KEY);
  } catch {
    // It is chosen anew in the next call.
  }
}
