/** Chromium's interface for making a video track (an older form of https://w3c.github.io/mediacapture-transform/). */
declare class MediaStreamTrackGenerator extends MediaStreamTrack {
  constructor(options: { kind: 'video' });
  readonly writable: WritableStream<VideoFrame>;
}

const [WIDTH, HEIGHT, INTERVAL] = [64, 48, 50];

/**
 * A live picture of 64 × 48 that is drawn 20 times a second, by default in another colour each time, until it is stopped. Frame by frame where that is
 * possible, since a canvas gives none in a page that lies behind another.
 */
export function drawnTrack(colour = changingColour): MediaStreamTrack {
  return 'MediaStreamTrackGenerator' in window ? generatedTrack(colour) : capturedTrack(colour);
}

type Colour = (frame: number) => string;

function changingColour(frame: number): string {
  return `hsl(${(frame * 7) % 360} 80% 50%)`;
}

/** Draws until the track ends. */
function draw(
  track: MediaStreamTrack,
  canvas: OffscreenCanvas | HTMLCanvasElement,
  colour: Colour,
  drawn: () => void,
): void {
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
  let frame = 0;
  const timer = setInterval(() => {
    if (track.readyState === 'ended') return clearInterval(timer);
    frame += 1;
    pen.fillStyle = colour(frame);
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    drawn();
  }, INTERVAL);
}

function generatedTrack(colour: Colour): MediaStreamTrack {
  const track = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = track.writable.getWriter();
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  draw(track, canvas, colour, () => {
    const frame = new VideoFrame(canvas, { timestamp: performance.now() * 1000 });
    // A stopped track takes no more frames. The next turn ends the drawing.
    writer.write(frame).catch(() => frame.close());
  });
  return track;
}

function capturedTrack(colour: Colour): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const track = canvas.captureStream(1000 / INTERVAL).getVideoTracks()[0]!;
  draw(track, canvas, colour, () => undefined);
  return track;
}

/** A live tone, in Hz. */
export function toneTrack(frequency: number): MediaStreamTrack {
  const context = new AudioContext();
  const oscillator = new OscillatorNode(context, { frequency });
  const output = context.createMediaStreamDestination();
  oscillator.connect(new GainNode(context, { gain: 0.3 })).connect(output);
  oscillator.start();
  const track = output.stream.getAudioTracks()[0]!;
  const stop = track.stop.bind(track);
  track.stop = () => {
    stop();
    if (context.state !== 'closed') void context.close();
  };
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
