import type { Clock } from '../../platform/clock.ts';
import { withTimeout } from '../../platform/with-timeout.ts';
import type { TrtcPublisher } from './publisher.ts';
import type { TrtcClient } from './sdk.ts';
import type { TrtcTranscriber } from './transcriber.ts';

const STEP_TIMEOUT_MS = 3_000;

/** Ends the transcription, stops sending, leaves the room and destroys the instance, in this order, also if a step fails. Never rejects. */
export async function endTrtcClient(
  client: TrtcClient,
  publisher: Pick<TrtcPublisher, 'stop'> | null,
  clock: Clock,
  transcriber: TrtcTranscriber | null = null,
): Promise<void> {
  client.off('*', undefined as never);
  const steps = [() => transcriber?.close(), () => publisher?.stop(), () => client.exitRoom()];
  for (const step of steps) {
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
