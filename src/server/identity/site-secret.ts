import { createHmac } from 'node:crypto';

/**
 * The secret with which a site's backend signs JWTs. It is derived from the server's key and stored nowhere. Raising
 * the site's `secret_version` replaces it.
 */
export function siteSecret(key: Uint8Array, siteId: string, version: number): string {
  return createHmac('sha256', key).update(`site-jwt:${siteId}:${version}`).digest('base64url');
}
