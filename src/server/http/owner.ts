import { verifyOwner, type OwnerIdentity } from '../identity/verify-owner.ts';
import { readBearer } from './bearer.ts';
import type { HttpApp, HttpContext } from './http-context.ts';

/** By the raw request, which is the same object in hooks and handlers. */
const owners = new WeakMap<object, OwnerIdentity>();

/**
 * Requires an owner's session, or an API token of the site's backend, on every route of `app`. The check runs before
 * the body is read.
 */
export function requireOwner(app: HttpApp, { database, key }: HttpContext): void {
  app.addHook('preParsing', async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    owners.set(request.raw, await verifyOwner(database, key, readBearer(request)));
  });
}

/** The owner who sent the request. */
export function ownerOf({ raw }: { readonly raw: object }): OwnerIdentity {
  const owner = owners.get(raw);
  if (!owner) throw new Error('This route does not require an owner.');
  return owner;
}
