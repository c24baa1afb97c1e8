import { RtcDeskError } from '../../protocol/errors.ts';

/** A temporary refusal. HTTP says when to try again in `Retry-After`, a socket in `retryAfter`. */
export class RetryLaterError extends RtcDeskError {
  declare readonly retryAfter: number;

  /** `retryAfter`: whole seconds, at least 1. */
  constructor(
    code: 'rate-limited' | 'queue-full' | 'out-of-hours',
    message: string,
    retryAfter: number,
  ) {
    super(code, message, undefined, retryAfter);
  }
}
