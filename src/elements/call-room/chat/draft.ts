const keyOf = (room: number) => `rtc-desk:draft:${room}`;

/** What was half written in this room in this tab; '' for nothing. */
export function readDraft(room: number | null): string {
  try {
    return (room !== null && sessionStorage.getItem(keyOf(room))) || '';
  } catch {
    return ''; // Storage is blocked: the draft lives as long as the field.
  }
}

export function keepDraft(room: number | null, text: string): void {
  if (room === null) return;
  try {
    if (text) sessionStorage.setItem(keyOf(room), text);
    else sessionStorage.removeItem(keyOf(room));
  } catch {
    // Storage is blocked or full: the draft lives as long as the field.
  }
}
