import { createHmac, timingSafeEqual } from 'node:crypto';

const TAG_BYTES = 16;

/**
 * A code that only this server can make: `body` and a tag. It is stored nowhere, so a copy of the database opens nothing.
 * A code of one purpose opens nothing else.
 */
export function signedCode(key: Uint8Array, purpose: string, body: Uint8Array): string {
  return Buffer.concat([body, tagOf(key, purpose, body)]).toString('base64url');
}

/** The body of a code, of this many bytes. Null for another text. */
export function readSignedCode(
  key: Uint8Array,
  purpose: string,
  bodyBytes: number,
  code: string,
): Buffer | null {
  const bytes = Buffer.from(code, 'base64url');
  if (bytes.length !== bodyBytes + TAG_BYTES) return null;
  const body = bytes.subarray(0, bodyBytes);
  return timingSafeEqual(bytes.subarray(bodyBytes), tagOf(key, purpose, body)) ? body : null;
}

function tagOf(key: Uint8Array, purpose: string, body: Uint8Array): Buffer {
  return createHmac('sha256', key)
    .update(`${purpose}:`)
    .update(body)
    .digest()
    .subarray(0, TAG_BYTES);
}

export const UUID_BYTES = 16;

export const uuidToBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

/** The UUID in the first bytes. */
export function uuidFromBytes(bytes: Buffer): string {
  return bytes
    .toString('hex', 0, UUID_BYTES)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
