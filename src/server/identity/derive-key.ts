import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

type Purpose =
  | 'room-token'
  | 'chat-token'
  | 'address-hash'
  | 'second-factor'
  | 'recovery-code'
  | 'erasure-certificate'
  | 'recording-key'
  | 'recording-manifest';

/** By the server's key, so that a derived key is imported once and not for every token. */
const derived = new WeakMap<Uint8Array, Map<Purpose, KeyObject>>();

/** A key for one purpose, so that a token made for one purpose is never accepted for another. */
export function deriveKey(key: Uint8Array, purpose: Purpose): KeyObject {
  const keys = derived.get(key) ?? new Map<Purpose, KeyObject>();
  derived.set(key, keys);
  const known = keys.get(purpose);
  if (known) return known;
  const made = createSecretKey(createHmac('sha256', key).update(`key:${purpose}`).digest());
  keys.set(purpose, made);
  return made;
}
