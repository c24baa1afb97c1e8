import { RtcDeskError, type ErrorCode } from '../../src/protocol/errors.ts';

/** The code of the contract with which something is refused; null where it is not. Anything else is thrown on. */
export async function codeOf(promise: Promise<unknown>): Promise<ErrorCode | null> {
  try {
    await promise;
    return null;
  } catch (error) {
    if (error instanceof RtcDeskError) return error.code;
    throw error;
  }
}

/** For `assert.rejects`: refused with this code, and nothing else. */
export const withCode =
  (code: string) =>
  (error: unknown): boolean =>
    error instanceof RtcDeskError && error.code === code;
