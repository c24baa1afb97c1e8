import type { Clock } from '../../platform/clock.ts';
import { within } from '../../platform/with-timeout.ts';
import type { TrtcPublisher } from './publisher.ts';
import type { TrtcClient } from './sdk.ts';

const DEADLINE = 3_000;

/** Stops sending, leaves the room and ends the instance, in this order, whatever of it fails. Never rejects. */
export async function endTrtcClient(
  client: TrtcClient,
  publisher: TrtcPublisher | null,
  clock: Clock,
): Promise<void> {
  client.off('*', undefined as never);
  const steps = [() => publisher?.stop(), () => client.exitRoom()];
  for (const step of steps) {
    try {
      await within(clock, DEADLINE, Promise.resolve(step()), () => new Error('no answer in time'));
    } catch {
      // Not in the room, or no way to tell the cloud: destroying lets go of all that is left here, and the cloud
      // counts out who is silent.
    }
  }
  try {
    client.destroy();
  } catch {
    // It refuses while it takes itself for inside, where leaving failed. Nothing is sent or heard any more.
  }
}
