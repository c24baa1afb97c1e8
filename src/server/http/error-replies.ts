import type { FastifyError, FastifyInstance } from 'fastify';
import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';

const STATUS: Partial<Record<ErrorCode, number>> = {
  unauthorized: 401,
  forbidden: 403,
  'origin-not-allowed': 403,
  'not-found': 404,
  'unknown-site': 404,
  'unknown-skill': 404,
  conflict: 409,
  'room-full': 409,
  'image-too-large': 413,
  'image-not-supported': 415,
  'rate-limited': 429,
  'queue-full': 429,
  'server-error': 500,
};

/** Every failure is answered with `{code, message}`; what was no failure of the client is logged. */
export function replyWithErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | RtcDeskError, request, reply) => {
    const { code, message, status } = describe(error);
    if (status >= 500)
      request.log.error({ err: error, route: request.routeOptions.url }, 'a request failed');
    if (status === 401) void reply.header('www-authenticate', 'Bearer');
    return reply.status(status).type('application/json; charset=utf-8').send({ code, message });
  });
}

interface Described {
  readonly code: ErrorCode;
  readonly message: string;
  readonly status: number;
}

function describe(error: FastifyError | RtcDeskError): Described {
  if (error instanceof RtcDeskError) {
    return { code: error.code, message: error.message, status: STATUS[error.code] ?? 400 };
  }
  const status = error.statusCode ?? 500;
  if (status === 429) {
    return { code: 'rate-limited', message: 'Too many requests; come back later.', status };
  }
  if (status === 404) return { code: 'not-found', message: 'There is nothing here.', status };
  if (status >= 400 && status < 500) return { code: 'bad-message', message: error.message, status };
  return { code: 'server-error', message: 'Something broke on the server.', status: 500 };
}
