import { destination, pino, stdSerializers, type DestinationStream, type Logger } from 'pino';
import { diskFullHook } from './disk-full.ts';
import type { LogLevel } from './settings.ts';

/** Properties that are never logged, at the first three levels of a logged object. */
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
  'secretAccessKey',
  'sessionToken',
  'credential',
];

/** JSON lines on standard error. Standard output is for what a person reads. */
export function makeLogger(
  level: LogLevel,
  stream: DestinationStream = destination({ fd: 2, sync: true }),
): Logger {
  return pino(
    {
      level,
      redact: {
        paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[secret]',
      },
      serializers: { err: serializeError },
      hooks: diskFullHook(),
    },
    stream,
  );
}

/** An error without the driver's own properties: `detail` of a refused statement holds the row. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { type, message, stack } = stdSerializers.err(error);
  const { code } = error as { code?: unknown };
  return { type, message, stack, ...(typeof code === 'string' && { code }) };
}
