import { RtcDeskError, type ErrorCode } from '../protocol/errors.ts';

/** Gives an error without a code of ours this code. The error becomes the cause. */
export function asRtcDeskError(error: unknown, code: ErrorCode): RtcDeskError {
  if (error instanceof RtcDeskError) return error;
  return new RtcDeskError(code, error instanceof Error ? error.message : code, { cause: error });
}
