import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deriveKey } from '../identity/derive-key.ts';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The key of one recording, and the same encrypted with a key that only the server can derive: iv, tag, key. */
export function makeRecordingKey(
  serverKey: Uint8Array,
  recording: string,
): { readonly key: Buffer; readonly wrapped: Buffer } {
  const key = randomBytes(KEY_BYTES);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(serverKey, 'recording-key'), iv);
  cipher.setAAD(Buffer.from(recording));
  const text = Buffer.concat([cipher.update(key), cipher.final()]);
  return { key, wrapped: Buffer.concat([iv, cipher.getAuthTag(), text]) };
}

/** Throws if the server has another key than the one that made it. */
export function unwrapRecordingKey(
  serverKey: Uint8Array,
  recording: string,
  wrapped: Uint8Array,
): Buffer {
  const iv = wrapped.subarray(0, IV_BYTES);
  const cipher = createDecipheriv('aes-256-gcm', deriveKey(serverKey, 'recording-key'), iv);
  cipher.setAAD(Buffer.from(recording));
  cipher.setAuthTag(wrapped.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([cipher.update(wrapped.subarray(IV_BYTES + TAG_BYTES)), cipher.final()]);
}
