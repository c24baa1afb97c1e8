import { RtcDeskError } from '../../protocol/errors.ts';

/** Each failed try means that the call took a step meanwhile, and a call takes few. */
const MAX_TRIES = 10;

/**
 * Runs `attempt` again while it answers undefined: the call has changed since it was read. Rejects with
 * `conflict` after ten tries.
 */
export async function retryWhileMoving<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const answer = await attempt();
    if (answer !== undefined) return answer;
  }
  throw new RtcDeskError('conflict', 'The call kept changing.');
}
