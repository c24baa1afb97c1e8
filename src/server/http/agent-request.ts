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
  if (!asksByCookie(request)) return readBearer(request);
  const token = readSessionCookie(request.headers.cookie, request.headers[SITE_HEADER]);
  if (token === null) throw new RtcDeskError('unauthorized', 'There is no such session.');
  return token;
}

/** Whether a request brings no token, but the name of the site whose cookie it means. */
export function asksByCookie<R extends Pick<FastifyRequest, 'headers'>>(
  request: R,
): request is R & { headers: { [SITE_HEADER]: string } } {
  const { authorization, [SITE_HEADER]: site } = request.headers;
  return authorization === undefined && typeof site === 'string';
}

/** Where a request comes from, for the sign-in and the security log. */
export function requestOrigin(
  { raw }: Pick<FastifyRequest, 'raw'>,
  proxies: TrustedProxies,
): RequestOrigin {
  return { address: proxies.clientAddress(raw), isLocal: proxies.isLocal(raw) };
}
