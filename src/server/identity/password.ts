import { randomBytes, timingSafeEqual } from 'node:crypto';
import { passwordThreads } from './password-threads.ts';

/** OWASP's password storage cheat sheet: N = 2^15, r = 8, p = 3 (32 MiB). */
const COST = { N: 2 ** 15, r: 8, p: 3 };
const BYTES = 32;
const SALT_BYTES = 16;
const FORM = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/;

/** The hash of no password. It is compared when there is no such agent, so that both answers take equally long. */
const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/** `scrypt$N$r$p$salt$hash`: the parameters are stored with the hash, so that they can be raised later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await run(password, salt, COST);
  const parameters = [COST.N, COST.r, COST.p].join('$');
  return `scrypt$${parameters}$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

/** False if `stored` is null: there is no such agent, or the agent has no password. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const match = FORM.exec(stored ?? NOBODY);
  if (!match) throw new Error('A stored password hash has an unknown form.');
  const [, N, r, p, salt = '', hash = ''] = match;
  const wanted = Buffer.from(hash, 'base64url');
  const cost = { N: Number(N), r: Number(r), p: Number(p) };
  const given = await run(password, Buffer.from(salt, 'base64url'), cost);
  return timingSafeEqual(given, wanted) && stored !== null;
}

async function run(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  // Different keyboards may compose the same characters differently (RFC 8265).
  const task = { password: password.normalize('NFC'), salt, bytes: BYTES, cost };
  return Buffer.from(await passwordThreads.derive(task));
}
