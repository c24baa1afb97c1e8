/**
 * The database could not be asked, or did not answer. `away`: it cannot be reached, or was lost in the
 * middle; what was asked may have been done or not. `busy`: it is there, and has no room or no time (every
 * connection in use, a statement stopped for its length, or since somebody else holds a lock); nothing was done.
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

/** Null for an error that is the database's own word about what it was asked. */
export function unavailability(error: unknown): DatabaseUnavailable | null {
  if (error instanceof DatabaseUnavailable) return error;
  const { code } = error as { code?: unknown };
  if (!isSqlState(code) || AWAY.test(code)) return new DatabaseUnavailable('away', error);
  return BUSY.has(code) ? new DatabaseUnavailable('busy', error) : null;
}

/** 08: connection exceptions; 57P01 to 57P05: it stops, crashes, starts, was dropped, or ends idle ones. */
const AWAY = /^(08...|57P0[1-5])$/;
/** A row, or another lock, that somebody else held for too long. */
const LOCKED = '55P03';
/** Too many connections, out of memory or disk, statement stopped for its length. */
const BUSY = new Set(['53000', '53100', '53200', '53300', '57014', LOCKED]);

/** Whether nothing was done because somebody else held a lock for too long. */
export function waitedForLock(error: unknown): boolean {
  return (
    error instanceof DatabaseUnavailable && (error.cause as { code?: unknown }).code === LOCKED
  );
}

/** Told from Node's EPIPE and the like: no class of SQLSTATE begins with an E. */
function isSqlState(code: unknown): code is string {
  return typeof code === 'string' && /^[0-9FHPX][0-9A-Z]{4}$/.test(code);
}
