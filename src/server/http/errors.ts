import type { Socket } from 'node:net';
import { Type } from '@sinclair/typebox';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import { RestError, type RestErrorCode } from '../../protocol/rest/rest-error.ts';
import { closed } from '../../protocol/schema.ts';
import { DatabaseUnavailable } from '../database/database-unavailable.ts';
import { ObjectStoreError } from '../object-storage/object-store-error.ts';
import { RetryLaterError } from '../rate-limits/retry-later-error.ts';
import type { HttpApp } from './http-context.ts';

const ErrorBody = closed({
  code: Type.String({ description: 'Stable, for a program.' }),
  message: Type.String({ description: 'For a developer.' }),
});

/** The error answers that any route may give, for its schema. */
export const errorReplies = { '4xx': ErrorBody, '5xx': ErrorBody };

const STATUS: Partial<Record<ErrorCode | RestErrorCode, number>> = {
  unauthorized: 401,
  'invalid-identity': 401,
  'second-factor-needed': 401,
  forbidden: 403,
  'origin-not-allowed': 403,
  'not-found': 404,
  'unknown-site': 404,
  'unknown-skill': 404,
  conflict: 409,
  taken: 409,
  'in-use': 409,
  'link-expired': 410,
  'precondition-failed': 412,
  'idempotency-mismatch': 422,
  'precondition-required': 428,
  'room-full': 409,
  'too-many-images': 409,
  'image-too-large': 413,
  'image-not-supported': 415,
  'upload-offset': 409,
  'slice-too-large': 413,
  'slice-changed': 422,
  'storage-full': 507,
  'rate-limited': 429,
  'queue-full': 429,
  'server-error': 500,
};

/** Retry-After while the database or the object store is away. */
const AWAY_RETRY_SECONDS = 5;

/** Every failure is answered with `{code, message}`. Failures of the server are logged. */
export function replyWithErrors(app: HttpApp): void {
  app.setErrorHandler(
    (
      error: FastifyError | RtcDeskError | RestError | DatabaseUnavailable | ObjectStoreError,
      request,
      reply,
    ) => {
      const { code, message, status } = describe(error);
      if (status >= 500 && code !== 'storage-full')
        request.log.error({ err: error, route: request.routeOptions.url }, 'a request failed');
      if (error instanceof RetryLaterError) void reply.header('retry-after', error.retryAfter);
      if (status === 503) void reply.header('retry-after', AWAY_RETRY_SECONDS);
      if (status === 401) void reply.header('www-authenticate', 'Bearer');
      const details = error instanceof RestError ? error.details : {};
      return reply
        .status(status)
        .type('application/json; charset=utf-8')
        .send({ code, message, ...details });
    },
  );
}

/** Answers what the framework refuses before it finds a route, like an address that cannot be parsed. */
export function replyToUnroutable(
  error: FastifyError,
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { code, message, status } = describe(error);
  void reply.status(status).type('application/json; charset=utf-8').send({ code, message });
}

/** Answers what is not HTTP, comes too slowly or has too many headers. The answer repeats nothing of it. */
export function replyToBrokenRequest(error: { readonly code?: string }, socket: Socket): void {
  // The peer has gone, or has part of an answer already.
  if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy();
    return;
  }
  const status = BROKEN[error.code ?? ''] ?? '400 Bad Request';
  const body = JSON.stringify({
    code: 'bad-message',
    message: 'The request is not understood.',
  });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/** The status line by Node's error code. */
const BROKEN: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

const NOTHING_HERE = 'There is nothing here.';

/** For every address that nothing answers. */
export function replyNotFound(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.status(404).send({ code: 'not-found', message: NOTHING_HERE });
}

interface Described {
  readonly code: ErrorCode | RestErrorCode;
  readonly message: string;
  readonly status: number;
}

function describe(
  error: FastifyError | RtcDeskError | RestError | DatabaseUnavailable | ObjectStoreError,
): Described {
  if (error instanceof RtcDeskError || error instanceof RestError) {
    return { code: error.code, message: error.message, status: STATUS[error.code] ?? 400 };
  }
  if (error instanceof DatabaseUnavailable) {
    return { code: 'server-error', message: 'The database is away. Try again soon.', status: 503 };
  }
  if (error instanceof ObjectStoreError) {
    return {
      code: 'server-error',
      message: 'The object store is away. Try again soon.',
      status: 503,
    };
  }
  const status = error.statusCode ?? 500;
  if (status === 429) {
    return { code: 'rate-limited', message: 'Too many requests. Try again later.', status };
  }
  if (status === 404) return { code: 'not-found', message: NOTHING_HERE, status };
  if (status >= 400 && status < 500) return { code: 'bad-message', message: error.message, status };
  return { code: 'server-error', message: 'Something broke on the server.', status: 500 };
}
