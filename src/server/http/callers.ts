import type { FastifyRequest } from 'fastify';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { Action, Reach } from '../../protocol/rest/permissions.ts';
import { callScope, type CallScope } from '../calls/call-record.ts';
import type { ChangedBy } from '../configuration/change-configuration.ts';
import { findCaller, type Caller } from '../identity/caller.ts';
import { reachOf } from '../identity/permissions.ts';
import { readSessionToken } from './agent-request.ts';
import type { HttpApp, HttpContext } from './http-context.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the caller of the route has to be allowed. */
    action?: Action;
  }
}

/** For the descriptions of routes that take any caller. */
export const CALLER_SECURITY = [{ api: [] }, { apiKey: [] }, { session: [] }, { console: [] }];

/** A caller whose request was let through. */
export interface AllowedCaller extends Caller {
  /** How far the route's action reaches for this caller. It is not `none`. */
  readonly reach: Exclude<Reach, 'none'>;
}

/** By the raw request, which is the same object in hooks and handlers. */
const callers = new WeakMap<object, AllowedCaller>();

/**
 * Lets through only who may do the action of the route (`config.action`). A route without one is refused at the start.
 * It runs after the rate limit has counted the address, and before the body is read. What the action reaches for this
 * caller (one's own, some groups, the site) is for the route to hold.
 */
export function requireCaller(app: HttpApp, { database, key }: HttpContext): void {
  app.addHook('onRoute', ({ method, url, config }) => {
    if (!config?.action) throw new Error(`The route ${String(method)} ${url} names no action.`);
  });
  app.addHook('preParsing', async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    const { action } = request.routeOptions.config;
    if (!action) throw new Error('The route names no action.');
    const caller = await findCaller(database, key, readSessionToken(request));
    const reach = reachOf(caller.credential, action);
    if (reach === 'none') throw new RtcDeskError('forbidden', 'You may not do that.');
    callers.set(request.raw, { ...caller, reach });
  });
}

/** Who sent the request. */
export function callerOf({ raw }: { readonly raw: object }): AllowedCaller {
  const caller = callers.get(raw);
  if (!caller) throw new Error('This route requires no caller.');
  return caller;
}

/** Of which calls the caller may read. */
export function scopeOf(request: { readonly raw: object }): CallScope {
  const caller = callerOf(request);
  return callScope(caller, caller.reach);
}

/** The groups to which the action is limited; null: it reaches the whole site. */
export const groupsOf = ({ reach, groups }: AllowedCaller): readonly string[] | null =>
  reach === 'site' ? null : groups;

/** Who changes the configuration by this request. */
export function changedBy(
  request: Pick<FastifyRequest, 'raw'>,
  { proxies }: Pick<HttpContext, 'proxies'>,
): ChangedBy & Pick<Caller, 'credential' | 'agentId'> {
  const { siteId, actor, credential, agentId } = callerOf(request);
  return { siteId, actor, credential, agentId, address: proxies.clientAddress(request.raw) };
}
