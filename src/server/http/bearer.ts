import type { FastifyRequest } from 'fastify';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { AuditActor } from '../audit/audit-entry.ts';
import { verifyApiToken } from '../identity/verify-api-token.ts';
import type { HttpApp, HttpContext } from './http-context.ts';

/** The token of `Authorization: Bearer …`. Throws `unauthorized` if the header is missing or malformed. */
export function readBearer({ headers }: Pick<FastifyRequest, 'headers'>): string {
  const match = /^Bearer ([A-Za-z0-9._~+/=-]{1,4096})$/i.exec(headers.authorization ?? '');
  if (!match?.[1]) throw new RtcDeskError('unauthorized', 'A bearer token is needed.');
  return match[1];
}

interface ApiCaller {
  readonly siteId: string;
  /** The `sub` of the token. */
  readonly subject: string;
}

/** By the raw request, which is the same object in hooks and handlers. */
const callers = new WeakMap<object, ApiCaller>();

/**
 * Requires a site's API token on every route of `app`. The check runs after the rate limit has counted the address
 * and before the body is read.
 */
export function requireApiToken(app: HttpApp, { database, key }: HttpContext): void {
  app.addHook('preParsing', async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    callers.set(request.raw, await verifyApiToken(database, key, readBearer(request)));
  });
}

/** The id of the site whose API token the request carries. */
export function siteOf(request: { readonly raw: object }): string {
  return callerOf(request).siteId;
}

/** Who calls, for the security log. */
export function auditActorOf(request: { readonly raw: object }): AuditActor {
  return { kind: 'backend', name: callerOf(request).subject };
}

function callerOf({ raw }: { readonly raw: object }): ApiCaller {
  const caller = callers.get(raw);
  if (caller === undefined) throw new Error('This route does not require an API token.');
  return caller;
}
