import { RtcDeskError, type ErrorCode } from '../protocol/errors.ts';

/** A script that cannot be fetched is a network that cannot be reached. */
export async function reach<M>(loading: Promise<M>, code: ErrorCode = 'offline'): Promise<M> {
  try {
    return await loading;
  } catch (error) {
    throw new RtcDeskError(code, code, { cause: error });
  }
}
