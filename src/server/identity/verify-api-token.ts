import type { Queryable } from '../database/database.ts';
import { verifySiteToken } from './verify-site-token.ts';

/** A backend signs one for each request or day, not for ever; in seconds. */
const LONGEST = 24 * 60 * 60;

/** The site whose backend calls the REST interface. Rejects with `unauthorized`. */
export async function verifyApiToken(
  db: Queryable,
  key: Uint8Array,
  token: string,
): Promise<{ readonly siteId: string }> {
  const { siteId } = await verifySiteToken(db, key, token, {
    audience: 'rtc-desk-api',
    longest: LONGEST,
  });
  return { siteId };
}
