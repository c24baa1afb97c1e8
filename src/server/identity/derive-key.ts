import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

type Purpose = 'room-token' | 'chat-token' | 'caller';

/** By the server's key; a key that was imported once is not imported again for every token. */
const derived = new WeakMap<Uint8Array, Map<Purpose, KeyObject>>();

/** A key for one purpose alone, so that a token made for one can never pass for another. */
export function deriveKey(key: Uint8Array, purpose: Purpose): KeyObject {
  const keys = derived.get(key) ?? new Map<Purpose, KeyObject>();
  derived.set(key, keys);
  const known = keys.get(purpose);
  if (known) return known;
  const made = createSecretKey(createHmac('sha256', key).update(`key:${purpose}`).digest());
  keys.set(purpose, made);
  return made;
}
