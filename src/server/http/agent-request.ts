import type { FastifyRequest } from 'fastify';
import { RtcDeskError } from '../../protocol/errors.ts';
import { readConsoleCookie, readSessionCookie } from '../identity/session-cookie.ts';
import type { RequestOrigin } from '../identity/request-origin.ts';
import type { TrustedProxies } from '../rate-limits/trusted-proxies.ts';
import { readBearer } from './bearer.ts';

/**
 * Names the site whose desk's cookie counts. A page of another origin cannot send this header, since the server allows
 * it to nobody (cross-origin.ts): so no other page can use the cookie.
 */
export const SITE_HEADER = 'rtc-desk-site';

/**
 * The token of a request: a bearer token, else the desk's own cookie, else the console's. Throws `unauthorized`, and
 * `forbidden` for the console's cookie from a page of another origin.
 */
export function readSessionToken(request: Pick<FastifyRequest, 'headers' | 'method'>): string {
  if (!asksByCookie(request)) return readConsoleToken(request) ?? readBearer(request);
  const token = readSessionCookie(request.headers.cookie, request.headers[SITE_HEADER]);
  if (token === null) throw new RtcDeskError('unauthorized', 'There is no such session.');
  return token;
}

/** Null: the request has its own token, or no such cookie. */
export function readConsoleToken({
  headers,
  method,
}: Pick<FastifyRequest, 'headers' | 'method'>): string | null {
  const token = headers.authorization === undefined ? readConsoleCookie(headers.cookie) : null;
  if (token !== null && !isSameOrigin(headers, method)) {
    throw new RtcDeskError('forbidden', 'The console’s cookie counts for its own pages only.');
  }
  return token;
}

/**
 * Whether a page of this server sends the request, or a person who typed its address. Browsers send Sec-Fetch-Site to
 * every address that may have a `Secure` cookie; one that does not has to send its Origin.
 */
function isSameOrigin(headers: FastifyRequest['headers'], method: string): boolean {
  const site = headers['sec-fetch-site'];
  if (site === 'same-origin') return true;
  if (site === 'none') return method === 'GET' || method === 'HEAD';
  if (site !== undefined || !headers.origin || !URL.canParse(headers.origin)) return false;
  return new URL(headers.origin).host === headers.host;
}

/** Whether a request brings no token, but the name of the site whose cookie it means. */
export function asksByCookie<R extends Pick<FastifyRequest, 'headers'>>(
  request: R,
): request is R & { headers: { [SITE_HEADER]: string } } {
  const { authorization, [SITE_HEADER]: site } = request.headers;
  return authorization === undefined && typeof site === 'string';
}

/** If a request comes from, for the sign-in and the security log. */
export function requestOrigin(
  { raw }: Pick<FastifyRequest, 'raw'>,
  proxies: TrustedProxies,
): RequestOrigin {
  return { address: proxies.clientAddress(raw), isLocal: proxies.isLocal(raw) };
}
