import { RtcDeskError, type ErrorCode } from '../../src/protocol/errors.ts';

/** The error code with which a promise rejects; null if it resolves. Other errors are thrown again. */
export async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | null> {
  try {
    await promise;
    return null;
  } catch (error) {
    if (error instanceof RtcDeskError) return error.code;
    throw error;
  }
}

/** For `assert.rejects`: the error is an RtcDeskError with this code. */
export const withCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof RtcDeskError && error.code === code;
