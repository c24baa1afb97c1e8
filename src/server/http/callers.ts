import type { HttpApp } from './http-context.ts';
import { readBearer } from './bearer.ts';

/** Who sends the requests of some routes. */
export class Callers<C extends object> {
  /** By the raw request, which is the same object in hooks and handlers. */
  readonly #callers = new WeakMap<object, C>();

  /**
   * Requires a bearer token on every route of `app`. `verify` rejects a wrong one. It runs after the rate limit has
   * counted the address, and before the body is read.
   */
  require(app: HttpApp, verify: (token: string) => Promise<C>): void {
    app.addHook('preParsing', async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      this.#callers.set(request.raw, await verify(readBearer(request)));
    });
  }

  of({ raw }: { readonly raw: object }): C {
    const caller = this.#callers.get(raw);
    if (!caller) throw new Error('This route requires no token.');
    return caller;
  }
}
