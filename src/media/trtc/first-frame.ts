/**
 * Calls `onFrame` once when the first frame of a track has been decoded, also if nothing shows the track. Returns the
 * function that cancels it.
 */
export function watchFirstFrame(track: MediaStreamTrack, onFrame: () => void): () => void {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    video.onloadeddata = null;
    video.srcObject = null;
  };
  const report = (): void => {
    if (stopped) return;
    stop();
    onFrame();
  };
  // A hidden page presents no frames, but loads the first one. The earlier of the two counts.
  video.onloadeddata = report;
  video.requestVideoFrameCallback?.(report);
  video.srcObject = new MediaStream([track]);
  // Muted, it is not refused. It rejects if the track ends before its first frame.
  video.play().catch(() => undefined);
  return stop;
}
