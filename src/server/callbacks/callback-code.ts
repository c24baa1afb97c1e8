import { createHmac, timingSafeEqual } from 'node:crypto';

const ID_BYTES = 16;
const TAG_BYTES = 16;

/**
 * The code with which a visitor comes back: the id of what was left, and a tag that only this server can make. It is
 * stored nowhere, so a copy of the database opens nothing. It has the form of a resume token (protocol/schema.ts).
 */
export function callbackCode(key: Uint8Array, id: string): string {
  const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
  return Buffer.concat([bytes, tagOf(key, bytes)]).toString('base64url');
}

/** The id of the callback that the code opens. Null for another text. */
export function readCallbackCode(key: Uint8Array, code: string): string | null {
  const bytes = Buffer.from(code, 'base64url');
  if (bytes.length !== ID_BYTES + TAG_BYTES) return null;
  const id = bytes.subarray(0, ID_BYTES);
  if (!timingSafeEqual(bytes.subarray(ID_BYTES), tagOf(key, id))) return null;
  return id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function tagOf(key: Uint8Array, id: Uint8Array): Buffer {
  return createHmac('sha256', key).update('callback:').update(id).digest().subarray(0, TAG_BYTES);
}
