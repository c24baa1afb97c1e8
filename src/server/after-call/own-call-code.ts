import {
  readSignedCode,
  signedCode,
  UUID_BYTES,
  uuidFromBytes,
  uuidToBytes,
} from '../identity/signed-code.ts';

const TIME_BYTES = 4;

type Purpose =
  /** The page `/my-call`. */
  | 'own-call'
  /** One download, or the pictures of a conversation: such a code stands in an address, and lives for minutes. */
  | 'own-call-file'
  /** The page `/test/<site>`, whose report goes to a call that lives. */
  | 'device-test';

/**
 * The code with which a visitor comes back to what is kept of a call: the call's id, and the time until which the code
 * counts.
 */
export function ownCallCode(
  key: Uint8Array,
  purpose: Purpose,
  callId: string,
  expiresAt: number,
): string {
  const time = Buffer.alloc(TIME_BYTES);
  time.writeUInt32BE(Math.floor(expiresAt / 1000));
  return signedCode(key, purpose, Buffer.concat([uuidToBytes(callId), time]));
}

/** The id of the call that the code opens at the time `now`. Null for another text, and for a code that has expired. */
export function readOwnCallCode(
  key: Uint8Array,
  purpose: Purpose,
  code: string,
  now: number,
): string | null {
  const body = readSignedCode(key, purpose, UUID_BYTES + TIME_BYTES, code);
  if (!body || body.readUInt32BE(UUID_BYTES) * 1000 <= now) return null;
  return uuidFromBytes(body);
}
