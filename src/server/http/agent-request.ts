import type { FastifyRequest } from 'fastify';
import { RtcDeskError } from '../../protocol/errors.ts';
import { readSessionCookie } from '../identity/session-cookie.ts';
import type { RequestOrigin } from '../identity/request-origin.ts';
import type { TrustedProxies } from '../rate-limits/trusted-proxies.ts';
import { readBearer } from './bearer.ts';

/**
 * Names the site whose desk's cookie counts. A page of another origin cannot send this header, since the server allows
 * it to nobody (cross-origin.ts): so no other page can use the cookie.
 */
export const SITE_HEADER = 'rtc-desk-site';

/** The session token of a request: a bearer token, else the desk's own cookie. Throws `unauthorized`. */
export function readSessionToken(request: Pick<FastifyRequest, 'headers'>): string {
  const { authorization, cookie, [SITE_HEADER]: site } = request.headers;
  if (authorization !== undefined || typeof site !== 'string') return readBearer(request);
  const token = readSessionCookie(cookie, site);
  if (token === null) throw new RtcDeskError('unauthorized', 'There is no such session.');
  return token;
}

/** Where a request comes from, for the sign-in and the security log. */
export function requestOrigin(
  { raw }: Pick<FastifyRequest, 'raw'>,
  proxies: TrustedProxies,
): RequestOrigin {
  return { address: proxies.clientAddress(raw), isLocal: proxies.isLocal(raw) };
}
