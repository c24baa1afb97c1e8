import type { Queryable } from '../database/database.ts';
import { verifySiteToken } from './verify-site-token.ts';

/** In seconds. */
const MAX_LIFETIME = 24 * 60 * 60;

/** The site whose backend calls the REST interface, and who of it by the token's `sub`. Rejects with `unauthorized`. */
export async function verifyApiToken(
  db: Queryable,
  key: Uint8Array,
  token: string,
): Promise<{ readonly siteId: string; readonly subject: string }> {
  const { siteId, subject } = await verifySiteToken(db, key, token, {
    audience: 'rtc-desk-api',
    maxLifetime: MAX_LIFETIME,
  });
  return { siteId, subject };
}
