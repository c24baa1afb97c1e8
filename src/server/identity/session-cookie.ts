import { SESSION_TOKEN } from './session-hash.ts';

/** One for each site: an agent of one site is not signed in at the desk of another. */
const cookieName = (site: string): string => `__Host-rtc-desk-${site}`;

/**
 * A Set-Cookie header. Scripts cannot read it. `SameSite=None` and `Partitioned`: the desk stands in the frame of a
 * CRM, and the cookie counts only under that CRM's site. `maxAge` in seconds.
 */
export function sessionCookie(site: string, token: string, maxAge: number): string {
  return `${cookieName(site)}=${token}; Path=/; Max-Age=${maxAge}; HttpOnly; Secure; SameSite=None; Partitioned`;
}

/** Removes it. The attributes must be the same. */
export const expiredSessionCookie = (site: string): string => sessionCookie(site, '', 0);

const CONSOLE_COOKIE = '__Host-rtc-desk-console';

/** A Set-Cookie header for the console, which stands in no frame: `SameSite=Strict`. `maxAge` in seconds. */
export function consoleCookie(token: string, maxAge: number): string {
  return `${CONSOLE_COOKIE}=${token}; Path=/; Max-Age=${maxAge}; HttpOnly; Secure; SameSite=Strict`;
}

export const expiredConsoleCookie = (): string => consoleCookie('', 0);

/** The session token for the console; null: there is none. */
export const readConsoleCookie = (header: string | undefined): string | null =>
  readCookie(header, CONSOLE_COOKIE);

/** The session token for the desk of this site; null: there is none. */
export const readSessionCookie = (header: string | undefined, site: string): string | null =>
  readCookie(header, cookieName(site));

function readCookie(header: string | undefined, wanted: string): string | null {
  for (const pair of (header ?? '').split(';')) {
    const [name = '', value = ''] = pair.trim().split('=', 2);
    if (name === wanted) return SESSION_TOKEN.test(value) ? value : null;
  }
  return null;
}
