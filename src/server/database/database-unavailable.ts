/**
 * The database did not run a statement, or did not answer. `away`: it cannot be reached, or the connection was lost;
 * the statement may have run or not. `busy`: it has no capacity (every connection is in use, the statement took too
 * long, another transaction holds a lock); nothing was changed.
 */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';

  constructor(
    readonly reason: 'away' | 'busy',
    cause: unknown,
  ) {
    super(`the database is ${reason}: ${(cause as Error).message}`, { cause });
  }
}

/** Null for an error about the statement itself. */
export function unavailability(error: unknown): DatabaseUnavailable | null {
  if (error instanceof DatabaseUnavailable) return error;
  const { code } = error as { code?: unknown };
  if (!isSqlState(code) || AWAY.test(code)) return new DatabaseUnavailable('away', error);
  return BUSY.has(code) ? new DatabaseUnavailable('busy', error) : null;
}

/** 08: connection exceptions. 57P01 to 57P05: it shuts down, crashes, starts, was dropped, or ends idle sessions. */
const AWAY = /^(08...|57P0[1-5])$/;
/** Another transaction held a lock for too long. */
const LOCKED = '55P03';
/** Too many connections, out of memory or disk, statement timeout. */
const BUSY = new Set(['53000', '53100', '53200', '53300', '57014', LOCKED]);

/** Whether the statement failed because another transaction held a lock for too long. */
export function waitedForLock(error: unknown): boolean {
  return (
    error instanceof DatabaseUnavailable && (error.cause as { code?: unknown }).code === LOCKED
  );
}

/** Node's own codes, like EPIPE, begin with an E. No SQLSTATE class does. */
function isSqlState(code: unknown): code is string {
  return typeof code === 'string' && /^[0-9FHPX][0-9A-Z]{4}$/.test(code);
}
