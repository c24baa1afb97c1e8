import { RtcDeskError } from '../../protocol/errors.ts';

/** Each loss means that the call took a step meanwhile, and it has few. */
const TRIES = 10;

/** Runs `attempt` again for as long as it answers undefined: the call moved on since it was read. Rejects with `conflict`. */
export async function whileItMoves<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const answer = await attempt();
    if (answer !== undefined) return answer;
  }
  throw new RtcDeskError('conflict', 'The call kept moving.');
}
