/**
 * The next value of a segment's hash chain: the SHA-256, in lower hex, of the value before as 32 bytes followed by the
 * slice. `before` is '' for the first slice. A slice that is missing, changed or moved changes every later value.
 */
export async function nextChain(before: string, slice: ArrayBuffer): Promise<string> {
  const previous = Uint8Array.from(before.match(/../g) ?? [], (byte) => parseInt(byte, 16));
  const input = new Uint8Array(previous.length + slice.byteLength);
  input.set(previous);
  input.set(new Uint8Array(slice), previous.length);
  const hash = await crypto.subtle.digest('SHA-256', input);
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
