import {
  readSignedCode,
  signedCode,
  UUID_BYTES,
  uuidFromBytes,
  uuidToBytes,
} from './signed-code.ts';

const TIME_BYTES = 4;

/** A code of an id, and of the time until which the code counts (ms since 1970). It is stored nowhere. */
export function expiringCode(
  key: Uint8Array,
  purpose: string,
  id: string,
  expiresAt: number,
): string {
  const time = Buffer.alloc(TIME_BYTES);
  time.writeUInt32BE(Math.floor(expiresAt / 1000));
  return signedCode(key, purpose, Buffer.concat([uuidToBytes(id), time]));
}

/** The id for which the code counts at the time `now`. Null for another text, and for a code that has expired. */
export function readExpiringCode(
  key: Uint8Array,
  purpose: string,
  code: string,
  now: number,
): string | null {
  const body = readSignedCode(key, purpose, UUID_BYTES + TIME_BYTES, code);
  if (!body || body.readUInt32BE(UUID_BYTES) * 1000 <= now) return null;
  return uuidFromBytes(body);
}
