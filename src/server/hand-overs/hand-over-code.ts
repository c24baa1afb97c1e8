import { createHash, randomBytes } from 'node:crypto';

const CODE_BYTES = 16;

/** 22 characters. Only its hash is stored. */
export function makeHandOverCode(): string {
  return randomBytes(CODE_BYTES).toString('base64url');
}

/** What is stored of a code. 16 random bytes that count for two minutes need no salt and no slow hash. */
export function handOverHash(code: string): Buffer {
  return createHash('sha256').update(code).digest();
}
