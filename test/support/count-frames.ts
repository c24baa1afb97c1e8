/** Chromium's way to read a track's frames (https://w3c.github.io/mediacapture-transform/, its older form). */
declare class MediaStreamTrackProcessor {
  constructor(options: { track: MediaStreamTrack });
  readonly readable: ReadableStream<VideoFrame>;
}

/**
 * Resolves when `count` further frames of a track came, also in a page that lies behind another, which presents
 * none. A test's own timeout bounds it.
 */
export async function countFrames(track: MediaStreamTrack, count: number): Promise<void> {
  if ('MediaStreamTrackProcessor' in window) await readFrames(track, count);
  else await presentFrames(track, count);
}

async function readFrames(track: MediaStreamTrack, count: number): Promise<void> {
  const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
  try {
    for (let seen = 0; seen < count; seen += 1) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`The track ended after ${seen} frames.`);
      value.close();
    }
  } finally {
    await reader.cancel();
  }
}

async function presentFrames(track: MediaStreamTrack, count: number): Promise<void> {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  document.body.append(video);
  try {
    await new Promise<void>((resolve) => {
      let left = count;
      const handleFrame = (): void => {
        left -= 1;
        if (left === 0) resolve();
        else video.requestVideoFrameCallback(handleFrame);
      };
      video.requestVideoFrameCallback(handleFrame);
      // Playing is what makes frames; a track that ended makes none, and the test says so in time.
      video.play().catch(() => undefined);
    });
  } finally {
    video.srcObject = null;
    video.remove();
  }
}
