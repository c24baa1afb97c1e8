import type { LoggerOptions } from 'pino';

/** How often the log tells of a full disk. */
const INTERVAL_MS = 60_000;
/** Node's code, and PostgreSQL's SQLSTATE. */
const CODES: readonly unknown[] = ['ENOSPC', '53100'];
const FATAL = 60;

/** Whether the error, or one that caused it, is about a full disk. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  if (CODES.includes(code) || error.message.includes('No space left on device')) return true;
  return isDiskFull(error.cause);
}

/**
 * Makes errors of a full disk one line a minute without a stack: every request and loop meets the same one, and the log
 * may be on the same disk. The line says how many others it stands for.
 */
export function diskFullHook(
  now: () => number = () => performance.now(),
): NonNullable<LoggerOptions['hooks']> {
  let loggedAt = -Infinity;
  let untold = 0;
  return {
    logMethod(args, method, level) {
      const { err } = (args[0] ?? {}) as { err?: unknown };
      if (level >= FATAL || !isDiskFull(err)) return method.apply(this, args);
      untold += 1;
      if (now() - loggedAt < INTERVAL_MS) return;
      loggedAt = now();
      const told = { reason: (err as Error).message, errors: untold };
      untold = 0;
      // The types allow only arguments that are like the given ones.
      method.apply(this, [told, 'the disk is full: free some space'] as unknown as typeof args);
    },
  };
}
