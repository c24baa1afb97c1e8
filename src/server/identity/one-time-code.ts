import { createHash, randomBytes } from 'node:crypto';

/** A code that somebody gets by a link: 32 random bytes. The database stores the hash. */
export function makeOneTimeCode(): { code: string; hash: Buffer } {
  const code = randomBytes(32).toString('base64url');
  return { code, hash: hashOneTimeCode(code) };
}

export const hashOneTimeCode = (code: string): Buffer => createHash('sha256').update(code).digest();
