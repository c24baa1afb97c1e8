/** Chromium's interface for making a video track (an older form of https://w3c.github.io/mediacapture-transform/). */
declare class MediaStreamTrackGenerator extends MediaStreamTrack {
  constructor(options: { kind: 'video' });
  readonly writable: WritableStream<VideoFrame>;
}

const [WIDTH, HEIGHT, INTERVAL] = [64, 48, 50];

/**
 * A live picture of 64 × 48 that changes 20 times a second, until it is stopped. Frame by frame where that is
 * possible, since a canvas gives none in a page that lies behind another.
 */
export function drawnTrack(): MediaStreamTrack {
  return 'MediaStreamTrackGenerator' in window ? generatedTrack() : capturedTrack();
}

/** Draws until the track ends. */
function draw(
  track: MediaStreamTrack,
  canvas: OffscreenCanvas | HTMLCanvasElement,
  drawn: () => void,
): void {
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
  let frame = 0;
  const timer = setInterval(() => {
    if (track.readyState === 'ended') return clearInterval(timer);
    frame += 1;
    pen.fillStyle = `hsl(${(frame * 7) % 360} 80% 50%)`;
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    drawn();
  }, INTERVAL);
}

function generatedTrack(): MediaStreamTrack {
  const track = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = track.writable.getWriter();
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  draw(track, canvas, () => {
    const frame = new VideoFrame(canvas, { timestamp: performance.now() * 1000 });
    // A stopped track takes no more frames. The next turn ends the drawing.
    writer.write(frame).catch(() => frame.close());
  });
  return track;
}

function capturedTrack(): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const track = canvas.captureStream(1000 / INTERVAL).getVideoTracks()[0]!;
  draw(track, canvas, () => undefined);
  return track;
}

/** A live but silent sound track. It needs no permission. */
export function silentTrack(): MediaStreamTrack {
  const context = new AudioContext();
  const track = context.createMediaStreamDestination().stream.getAudioTracks()[0]!;
  const stop = track.stop.bind(track);
  track.stop = () => {
    stop();
    if (context.state !== 'closed') void context.close();
  };
  return track;
}
