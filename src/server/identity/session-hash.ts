import { createHash } from 'node:crypto';

/** The stored hash of an agent's session token. 32 random bytes need no salt and no slow hash. */
export function sessionHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** 32 bytes as base64url. A JWT never matches. */
export const SESSION_TOKEN = /^[A-Za-z0-9_-]{43}$/;
