import type { ErrorCode } from './error-codes.ts';

export type { ErrorCode, PersonErrorCode } from './error-codes.ts';

/** A failure with a code of the contract. `cause` holds the error of a library or the browser. */
export class RtcDeskError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string = code,
    options?: ErrorOptions,
    /** Whole seconds after which another try may work, where the server says so. */
    readonly retryAfter?: number,
  ) {
    super(message, options);
  }

  // Not a field: a page may freeze `Error.prototype`, and then `name` cannot be assigned.
  override get name(): string {
    return 'RtcDeskError';
  }
}
