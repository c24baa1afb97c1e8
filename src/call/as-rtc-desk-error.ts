import { RtcDeskError, type ErrorCode } from '../protocol/errors.ts';

/** The one place where a failure without a code gets one; what was said stays its cause. */
export function asRtcDeskError(error: unknown, code: ErrorCode): RtcDeskError {
  if (error instanceof RtcDeskError) return error;
  return new RtcDeskError(code, error instanceof Error ? error.message : code, { cause: error });
}
