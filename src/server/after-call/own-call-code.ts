import { createHmac, timingSafeEqual } from 'node:crypto';

const ID_BYTES = 16;
const TIME_BYTES = 4;
const TAG_BYTES = 16;

/** What a code is for. A code of one purpose opens nothing else. */
type Purpose =
  /** The page `/my-call`. */
  | 'own-call'
  /** One download, or the pictures of a conversation: such a code stands in an address, and lives for minutes. */
  | 'own-call-file';

/**
 * The code with which a visitor comes back to what is kept of a call: the call's id, the time until which the code
 * counts, and a tag that only this server can make. It is stored nowhere, so a copy of the database opens nothing.
 */
export function ownCallCode(
  key: Uint8Array,
  purpose: Purpose,
  callId: string,
  expiresAt: number,
): string {
  const time = Buffer.alloc(TIME_BYTES);
  time.writeUInt32BE(Math.floor(expiresAt / 1000));
  const body = Buffer.concat([Buffer.from(callId.replaceAll('-', ''), 'hex'), time]);
  return Buffer.concat([body, tagOf(key, purpose, body)]).toString('base64url');
}

/** The id of the call that the code opens at the time `now`. Null for another text, and for a code that has expired. */
export function readOwnCallCode(
  key: Uint8Array,
  purpose: Purpose,
  code: string,
  now: number,
): string | null {
  const bytes = Buffer.from(code, 'base64url');
  if (bytes.length !== ID_BYTES + TIME_BYTES + TAG_BYTES) return null;
  const body = bytes.subarray(0, ID_BYTES + TIME_BYTES);
  if (!timingSafeEqual(bytes.subarray(body.length), tagOf(key, purpose, body))) return null;
  if (body.readUInt32BE(ID_BYTES) * 1000 <= now) return null;
  return body
    .toString('hex', 0, ID_BYTES)
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function tagOf(key: Uint8Array, purpose: Purpose, body: Uint8Array): Buffer {
  return createHmac('sha256', key)
    .update(`${purpose}:`)
    .update(body)
    .digest()
    .subarray(0, TAG_BYTES);
}
