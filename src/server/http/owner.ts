import { verifyOwner, type OwnerIdentity } from '../identity/verify-owner.ts';
import { Callers } from './callers.ts';
import type { HttpApp, HttpContext } from './http-context.ts';

const owners = new Callers<OwnerIdentity>();

/** Requires an owner's session, or an API token of the site's backend, on every route of `app`. */
export function requireOwner(app: HttpApp, { database, key }: HttpContext): void {
  owners.require(app, (token) => verifyOwner(database, key, token));
}

/** The owner who sent the request. */
export function ownerOf(request: { readonly raw: object }): OwnerIdentity {
  return owners.of(request);
}
