import { RtcDeskError } from '../../../protocol/errors.ts';
import { RestError } from '../../../protocol/rest/rest-error.ts';

/** Throws the code of the wire: `conflict` for an old version, `forbidden` for what the agent does not reach. */
export function refuseFollowUp(error: unknown): never {
  const options = { cause: error };
  if (error instanceof RestError) throw new RtcDeskError('conflict', error.message, options);
  if (error instanceof RtcDeskError && error.code === 'not-found') {
    throw new RtcDeskError('forbidden', error.message, options);
  }
  throw error;
}
