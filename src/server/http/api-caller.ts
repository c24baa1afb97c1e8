import type { AuditActor } from '../audit/audit-entry.ts';
import { verifyApiToken } from '../identity/verify-api-token.ts';
import { Callers } from './callers.ts';
import type { HttpApp, HttpContext } from './http-context.ts';

const callers = new Callers<Awaited<ReturnType<typeof verifyApiToken>>>();

/** Requires a site's API token on every route of `app`. */
export function requireApiToken(app: HttpApp, { database, key }: HttpContext): void {
  callers.require(app, (token) => verifyApiToken(database, key, token));
}

/** The id of the site whose API token the request carries. */
export function siteOf(request: { readonly raw: object }): string {
  return callers.of(request).siteId;
}

/** Who calls, for the security log. */
export function auditActorOf(request: { readonly raw: object }): AuditActor {
  return { kind: 'backend', name: callers.of(request).subject };
}
