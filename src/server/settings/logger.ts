import { destination, pino, stdSerializers, type Logger } from 'pino';
import type { LogLevel } from './settings.ts';

/** What must never stand in a log, wherever it is in what is logged. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'token',
  'password',
  'secret',
  'key',
  'resume',
  'identity',
  'params',
  'userSig',
  'privateMapKey',
  'secretKey',
  'secretId',
  'callbackKey',
  'credential',
];

/** JSON lines to the standard error: standard output is for what a person is to read. */
export function makeLogger(level: LogLevel): Logger {
  return pino(
    {
      level,
      redact: {
        paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[secret]',
      },
      serializers: { err: serializeError },
    },
    destination({ fd: 2, sync: true }),
  );
}

/** An error without what a driver hangs on to it: a refused statement's `detail` holds the row. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = stdSerializers.err(error);
  const { code } = error as { code?: unknown };
  return { type, message, stack, ...(typeof code === 'string' && { code }) };
}
