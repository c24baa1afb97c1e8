import type { DeviceCheckResult } from '../../protocol/device-report.ts';
import { failed, passed, warning } from '../device-test-results.ts';

/** The frames are compared at this size: enough to see whether there is light. */
const WIDTH = 32;
const HEIGHT = 18;
/** Of 255. A covered lens gives some noise below it. */
const DARKEST = 16;
/** A camera needs about a second to adjust its exposure. */
const MAX_WAIT_MS = 3_000;
const FRAME_PAUSE_MS = 100;
/** A picture with fewer lines shows no small print. */
const FEW_LINES = 360;

/** Whether the picture is not black, and its real size. `video` plays the track, and goes on after the check. */
export async function checkCamera(video: HTMLVideoElement): Promise<DeviceCheckResult> {
  const size = await sizeOf(video);
  if (!size) return failed('camera-no-picture');
  const data = { width: size.width, height: size.height };
  if (!(await becomesBright(video))) return failed('camera-black', data);
  // A phone held upright has its lines across.
  return Math.min(size.width, size.height) < FEW_LINES
    ? warning('camera-small', data)
    : passed(data);
}

async function sizeOf(video: HTMLVideoElement): Promise<{ width: number; height: number } | null> {
  const has = await waitFor(() => video.videoWidth > 0);
  return has ? { width: video.videoWidth, height: video.videoHeight } : null;
}

function becomesBright(video: HTMLVideoElement): Promise<boolean> {
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return Promise.resolve(true);
  return waitFor(() => {
    context.drawImage(video, 0, 0, WIDTH, HEIGHT);
    const { data } = context.getImageData(0, 0, WIDTH, HEIGHT);
    return data.some((value, i) => i % 4 < 3 && value > DARKEST);
  });
}

/** Looks ten times a second, for 3 s at most. */
async function waitFor(isTrue: () => boolean): Promise<boolean> {
  for (let waited = 0; waited < MAX_WAIT_MS; waited += FRAME_PAUSE_MS) {
    if (isTrue()) return true;
    await new Promise((resolve) => setTimeout(resolve, FRAME_PAUSE_MS));
  }
  return isTrue();
}
