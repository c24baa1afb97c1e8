import type { DeviceCheckResult } from '../../protocol/device-report.ts';
import { MicrophoneLevel } from '../devices/microphone-level.ts';
import { passed, warning } from '../device-test-results.ts';

/** The lowest level that MicrophoneLevel tells, a peak of 2.5 % of the full scale. A quiet room stays below it. */
const ENOUGH = 0.05;
const MAX_WAIT_MS = 8_000;

/** Waits until the microphone hears something, 8 s at most. `onLevel` gets each level, 0 to 1, for a bar. */
export function checkMicrophone(
  track: MediaStreamTrack,
  onLevel: (level: number) => void,
): Promise<DeviceCheckResult> {
  let peak = 0;
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      level.stop();
      resolve(peak < ENOUGH ? warning('microphone-silent', { peak }) : passed({ peak }));
    };
    const level = new MicrophoneLevel((now) => {
      onLevel(now);
      peak = Math.max(peak, now);
      if (peak >= ENOUGH) queueMicrotask(end);
    });
    const timer = setTimeout(end, MAX_WAIT_MS);
    level.start(track);
  });
}
