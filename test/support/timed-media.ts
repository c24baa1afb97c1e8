import type { Frame, Page } from 'puppeteer-core';

/** How long a page shows one colour and sounds one tone, in ms. */
export const STEP_MS = 3_000;

/** What one person shows and sounds, one after another. */
export interface TimedMedia {
  /** In CSS. */
  readonly colours: readonly string[];
  /** In Hz: multiples of 10, so that tones are told apart within a tenth of a second. */
  readonly tones: readonly number[];
  /** What is shown and heard while nothing may be recorded, see `hideFrom`. */
  readonly secretTone: number;
}

export const SECRET_COLOUR = '#ffffff';

/** At any moment the two people show different colours and sound different tones. */
export const VISITOR_MEDIA: TimedMedia = {
  colours: ['#ff0000', '#ffff00', '#00ff00', '#00ffff', '#0000ff', '#ff00ff'],
  tones: [400, 520, 640, 760, 880, 1_000],
  secretTone: 3_000,
};
export const AGENT_MEDIA: TimedMedia = {
  colours: ['#00ffff', '#0000ff', '#ff00ff', '#ff0000', '#ffff00', '#00ff00'],
  tones: [1_240, 1_480, 1_720, 1_960, 2_200, 2_440],
  secretTone: 3_400,
};

/** What is shown at a moment (ms since 1970), as an index into `colours` and `tones`. */
export const stepAt = (ms: number): number =>
  Math.floor(ms / STEP_MS) % VISITOR_MEDIA.colours.length;

/**
 * Opens an address for a person who has opened none. Whatever the page captures shows and sounds what `stepAt` says. The
 * frames and the sounds of the fake devices set the pace. So it goes on in a hidden page, and after a reload without a
 * gesture.
 */
export async function openWithMedia(
  person: Frame,
  media: TimedMedia,
  address: string,
): Promise<Frame> {
  const page = person.page();
  const options = { ...media, stepMs: STEP_MS, secretColour: SECRET_COLOUR };
  await page.evaluateOnNewDocument(replaceCapturedMedia, options);
  await page.goto(address);
  return page.mainFrame();
}

/** From now on the page shows the secret colour and sounds the secret tone, or no longer. */
export async function setSecret(page: Page, secret: boolean): Promise<void> {
  await page.evaluate((on) => {
    if (on) sessionStorage.setItem('secret', '1');
    else sessionStorage.removeItem('secret');
  }, secret);
}

/** Chromium's interfaces (an older form of https://w3c.github.io/mediacapture-transform/). */
declare class MediaStreamTrackGenerator extends MediaStreamTrack {
  constructor(options: { kind: string });
  readonly writable: WritableStream<VideoFrame | AudioData>;
}
declare class MediaStreamTrackProcessor {
  constructor(options: { track: MediaStreamTrack });
  readonly readable: ReadableStream<VideoFrame | AudioData>;
}

/** Runs in the page. */
function replaceCapturedMedia({
  colours,
  tones,
  secretTone,
  secretColour,
  stepMs,
}: TimedMedia & { readonly stepMs: number; readonly secretColour: string }): void {
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
  if (!mediaDevices) return;
  const isSecret = () => sessionStorage.getItem('secret') !== null;
  const step = () => Math.floor(Date.now() / stepMs) % colours.length;

  const canvas = new OffscreenCanvas(160, 120);
  const pen = canvas.getContext('2d')!;
  const picture = ({ timestamp }: VideoFrame): VideoFrame => {
    pen.fillStyle = isSecret() ? secretColour : colours[step()]!;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    return new VideoFrame(canvas, { timestamp });
  };

  let phase = 0;
  const sound = ({ timestamp, numberOfFrames, sampleRate }: AudioData): AudioData => {
    const turn = (2 * Math.PI * (isSecret() ? secretTone : tones[step()]!)) / sampleRate;
    const data = new Float32Array(numberOfFrames);
    for (let at = 0; at < numberOfFrames; at++) data[at] = 0.3 * Math.sin((phase += turn));
    const shape = { format: 'f32-planar', numberOfChannels: 1 } as const;
    return new AudioData({ ...shape, numberOfFrames, sampleRate, timestamp, data });
  };

  const replace = (track: MediaStreamTrack): MediaStreamTrack => {
    const replaced = new MediaStreamTrackGenerator({ kind: track.kind });
    const stop = replaced.stop.bind(replaced);
    replaced.stop = () => {
      stop();
      track.stop();
    };
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    const writer = replaced.writable.getWriter();
    const copy = async () => {
      for (;;) {
        const { value } = await reader.read();
        if (!value) return;
        const made = value instanceof VideoFrame ? picture(value) : sound(value);
        value.close();
        await writer.write(made);
      }
    };
    copy().catch(() => {
      // The page has stopped it.
      track.stop();
    });
    return replaced;
  };
  const capture = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) =>
    new MediaStream((await capture(constraints)).getTracks().map(replace));
}
