import { createHash, randomBytes } from 'node:crypto';

/** A code that somebody gets by a link: 32 random bytes, if not said otherwise. The database stores the hash. */
export function makeOneTimeCode(bytes = 32): { code: string; hash: Buffer } {
  const code = randomBytes(bytes).toString('base64url');
  return { code, hash: hashOneTimeCode(code) };
}

export const hashOneTimeCode = (code: string): Buffer => createHash('sha256').update(code).digest();
