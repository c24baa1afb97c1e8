import type { Recording, RecordingPage } from '../../src/protocol/rest/recordings.ts';
import type { RestSession } from './rest-session.ts';
import { waitUntil } from './wait-until.ts';

/** Waits until the newest recording is ready. */
export async function readyRecording(owner: RestSession, timeoutMs?: number): Promise<Recording> {
  const ready = await waitUntil(
    'the recording is ready',
    async () => {
      const { items } = await owner.send<RecordingPage>('GET', '/recordings');
      if (items[0]?.state === 'failed') throw new Error(JSON.stringify(items[0]));
      return items[0]?.state === 'ready' && items[0];
    },
    timeoutMs,
  );
  return owner.send<Recording>('GET', `/recordings/${ready.id}`);
}
