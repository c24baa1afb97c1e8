import type { Clock } from '../../platform/clock.ts';
import { withTimeout } from '../../platform/with-timeout.ts';
import type { TrtcClient } from './sdk.ts';

const STEP_TIMEOUT_MS = 3_000;

/**
 * Takes these steps, such as an end of what is sent, leaves the room and destroys the instance, in this order, also if a
 * step fails. Never rejects.
 */
export async function endTrtcClient(
  client: TrtcClient,
  clock: Clock,
  steps: readonly (() => Promise<void> | undefined)[] = [],
): Promise<void> {
  client.off('*', undefined as never);
  for (const step of [...steps, () => client.exitRoom()]) {
    try {
      await withTimeout(
        clock,
        STEP_TIMEOUT_MS,
        Promise.resolve(step()),
        () => new Error('no answer in time'),
      );
    } catch {
      // Not in the room, or the cloud cannot be reached. Destroying releases the rest, and the cloud removes users who
      // are silent.
    }
  }
  try {
    client.destroy();
  } catch {
    // It refuses if leaving failed. Nothing is sent or received any more.
  }
}
