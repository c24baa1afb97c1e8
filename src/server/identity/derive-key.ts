import { createHmac } from 'node:crypto';

/** A key for one purpose alone, so that a token made for one can never pass for another. */
export function deriveKey(
  key: Uint8Array,
  purpose: 'room-token' | 'chat-token' | 'caller',
): Uint8Array {
  return createHmac('sha256', key).update(`key:${purpose}`).digest();
}
