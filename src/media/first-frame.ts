/**
 * Calls `seen` once with performance.now() when the first frame of a track has been decoded, whether anything
 * shows the track or not. Returns the function that calls it off.
 */
export function watchFirstFrame(track: MediaStreamTrack, seen: (at: number) => void): () => void {
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
    seen(performance.now());
  };
  // A hidden page presents no frames, and still loads the first: whichever comes first tells.
  video.onloadeddata = report;
  video.requestVideoFrameCallback?.(report);
  video.srcObject = new MediaStream([track]);
  // A muted video is not refused; a track that ends before its first frame rejects, and has none to report.
  video.play().catch(() => undefined);
  return stop;
}
