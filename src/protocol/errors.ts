import type { ErrorCode } from './error-codes.ts';

export type { ErrorCode, PersonErrorCode } from './error-codes.ts';

/** A failure with a code of the contract. `cause` holds the error of a library or the browser. */
export class RtcDeskError extends Error {
  override readonly name = 'RtcDeskError';

  constructor(
    readonly code: ErrorCode,
    message: string = code,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
