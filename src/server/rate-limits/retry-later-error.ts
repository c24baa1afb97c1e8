import { RtcDeskError } from '../../protocol/errors.ts';

/** Refused for now and not for good. HTTP says when in `Retry-After`, a socket in `retryAfter`. */
export class RetryLaterError extends RtcDeskError {
  constructor(
    code: 'rate-limited' | 'queue-full',
    message: string,
    /** Whole seconds, at least 1. */
    readonly retryAfter: number,
  ) {
    super(code, message);
  }
}
