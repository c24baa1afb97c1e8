const KEY = 'rtc-desk:draft';

interface Draft {
  readonly room: number;
  readonly text: string;
}

/** The half-written message of a room; '' for none. It survives a reload of the tab. */
export function readDraft(room: number | null): string {
  try {
    const draft = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Draft | null;
    return draft !== null && draft.room === room ? draft.text : '';
  } catch {
    return ''; // Storage is blocked.
  }
}

/** Keeps one draft in a tab: that of another room is gone. */
export function keepDraft(room: number | null, text: string): void {
  if (room === null) return;
  try {
    if (text) sessionStorage.setItem(KEY, JSON.stringify({ room, text } satisfies Draft));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage is blocked or full: the draft lives as long as the field.
  }
}
