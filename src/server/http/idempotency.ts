import type { FastifyRequest } from 'fastify';
import { RtcDeskError } from '../../protocol/errors.ts';
import {
  beginIdempotent,
  dropIdempotent,
  finishIdempotent,
  type IdempotentRequest,
} from '../configuration/idempotent-requests.ts';
import { callerOf } from './callers.ts';
import type { HttpApp, HttpContext } from './http-context.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer holds a secret, and is not stored for a request that is sent again. */
    answersSecret?: boolean;
  }
}

const KEY = /^[\u0020-\u007e]{1,128}$/;

/**
 * Each POST of `app` takes an Idempotency-Key: the same request again gets the same answer, and makes nothing. Call it
 * after `requireCaller`.
 */
export function takeIdempotencyKeys(app: HttpApp, { database }: HttpContext): void {
  /** Requests that this node has begun, by the raw request. */
  const begun = new WeakMap<object, IdempotentRequest>();

  app.addHook('preHandler', async (request, reply) => {
    const key = request.method === 'POST' ? request.headers['idempotency-key'] : undefined;
    if (key === undefined) return;
    if (typeof key !== 'string' || !KEY.test(key)) {
      throw new RtcDeskError(
        'bad-message',
        'An Idempotency-Key has 1 to 128 printable characters.',
      );
    }
    const { siteId, id: caller } = callerOf(request);
    const asked = { siteId, caller, key };
    const stored = await beginIdempotent(database, asked, textOf(request as FastifyRequest));
    if (!stored) {
      begun.set(request.raw, asked);
      return;
    }
    if (stored.etag !== null) void reply.header('etag', stored.etag);
    await reply
      .status(stored.status)
      .type('application/json; charset=utf-8')
      .serializer((text: unknown) => text as string)
      .send(stored.answer as never);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const asked = begun.get(request.raw);
    if (!asked) return payload;
    begun.delete(request.raw);
    if (reply.statusCode >= 300) await dropIdempotent(database, asked);
    else if (!request.routeOptions.config.answersSecret && typeof payload === 'string') {
      const etag = reply.getHeader('etag');
      await finishIdempotent(database, asked, {
        status: reply.statusCode,
        answer: payload,
        etag: typeof etag === 'string' ? etag : null,
      });
    }
    return payload;
  });
}

const textOf = ({ url, body }: FastifyRequest): string => `${url}\n${JSON.stringify(body ?? null)}`;
