/** Whether PostgreSQL can hold this text: no NUL in it, no half of a surrogate pair. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}

/** C0 controls except newline and tab. In JSON each takes six bytes, and none is text that a person writes. */
const CONTROL_CHARACTER = /[\u0000-\u0008\u000b-\u001f]/;

/** Whether this is text that a person may have written: storable, and without control characters. */
export function isPlainText(text: string): boolean {
  return isStorableText(text) && !CONTROL_CHARACTER.test(text);
}
