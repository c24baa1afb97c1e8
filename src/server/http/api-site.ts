import type { FastifyInstance, FastifyRequest } from 'fastify';
import { verifyApiToken } from '../identity/verify-api-token.ts';
import { readBearer } from './bearer.ts';
import type { HttpContext } from './http-context.ts';

const sites = new WeakMap<FastifyRequest, string>();

/**
 * Asks every request of these routes for the api token of a site: after its address has been counted,
 * before its body is read.
 */
export function requireApiToken(app: FastifyInstance, { database, key }: HttpContext): void {
  app.addHook('preParsing', async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    const { siteId } = await verifyApiToken(database, key, readBearer(request));
    sites.set(request, siteId);
  });
}

/** The site whose token the request brought. */
export function apiSite(request: FastifyRequest): string {
  const site = sites.get(request);
  if (site === undefined) throw new Error('This route does not ask for an api token.');
  return site;
}
