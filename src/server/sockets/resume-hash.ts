import { createHash } from 'node:crypto';

/** What the database keeps of a visitor's resume token. */
export function resumeHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
