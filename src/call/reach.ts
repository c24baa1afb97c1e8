import { RtcDeskError } from '../protocol/errors.ts';

/** A script that cannot be fetched is a network that cannot be reached. */
export async function reach<M>(loading: Promise<M>): Promise<M> {
  try {
    return await loading;
  } catch (error) {
    throw new RtcDeskError('offline', 'a part of the page did not load', { cause: error });
  }
}
