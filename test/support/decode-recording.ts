import { readFileSync } from 'node:fs';
import type { Frame } from 'puppeteer-core';
import type * as Mediabunny from 'mediabunny';

/** The script defines the global `Mediabunny`. */
const MEDIABUNNY = 'node_modules/mediabunny/dist/bundles/mediabunny.min.cjs';
/** A window of sound, in seconds. */
const WINDOW = 0.1;

type Colour = readonly [red: number, green: number, blue: number];

export interface DecodedFrame {
  /** In the file, in seconds. */
  readonly at: number;
  /** Of the middles of the left half and of the right half, 0 to 255. */
  readonly left: Colour;
  readonly right: Colour;
}

export interface DecodedWindow {
  /** Its middle in the file, in seconds. */
  readonly at: number;
  /** The amplitude of each frequency that was asked for, 0 to about 1. */
  readonly strengths: readonly number[];
}

export interface DecodedRecording {
  readonly seconds: number;
  /** All frames of the file. */
  readonly frames: readonly DecodedFrame[];
  /** The whole sound, in windows of a tenth of a second. Where the file has no sound all strengths are 0. */
  readonly sound: readonly DecodedWindow[];
}

/** Decodes every frame and every sample of a file, in a page of a secure context. `frequencies`: multiples of 10 Hz. */
export async function decodeRecording(
  frame: Frame,
  file: Buffer,
  frequencies: readonly number[],
): Promise<DecodedRecording> {
  // Evaluated, not loaded: the policy of the page would forbid a script of another origin.
  await frame.evaluate(`${readFileSync(MEDIABUNNY, 'utf8')}; globalThis.Mediabunny = Mediabunny;`);
  return frame.evaluate(decode, file.toString('base64'), frequencies, WINDOW);
}

/** Runs in the page. */
async function decode(
  base64: string,
  frequencies: readonly number[],
  windowSeconds: number,
): Promise<DecodedRecording> {
  const library = (globalThis as unknown as { Mediabunny: typeof Mediabunny }).Mediabunny;
  const { ALL_FORMATS, AudioSampleSink, BufferSource, Input, VideoSampleSink } = library;
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  const video = await input.getPrimaryVideoTrack();
  const audio = await input.getPrimaryAudioTrack();
  if (!video || !audio) throw new Error('a picture or the sound is missing');
  const seconds = await input.computeDuration();

  // A tenth of the picture is enough to read the middles of both halves.
  const [width, height] = [128, 48];
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d', { willReadFrequently: true })!;
  const colourAt = (x: number): Colour => {
    const [red, green, blue] = pen.getImageData(x, height / 4, 1, 1).data;
    return [red!, green!, blue!];
  };
  const frames: DecodedFrame[] = [];
  for await (const sample of new VideoSampleSink(video).samples()) {
    sample.draw(pen, 0, 0, width, height);
    frames.push({ at: sample.timestamp, left: colourAt(32), right: colourAt(96) });
    sample.close();
  }

  let rate = 0;
  let samples = new Float32Array(0);
  for await (const sample of new AudioSampleSink(audio).samples()) {
    if (rate === 0) {
      rate = sample.sampleRate;
      samples = new Float32Array(Math.ceil((seconds + 1) * rate));
    }
    const part = new Float32Array(sample.numberOfFrames);
    sample.copyTo(part, { planeIndex: 0, format: 'f32-planar' });
    const from = Math.max(0, Math.round(sample.timestamp * rate));
    samples.set(part.subarray(0, Math.max(0, samples.length - from)), from);
    sample.close();
  }
  const length = Math.round(rate * windowSeconds);
  /** Goertzel's algorithm. */
  const strengthOf = (frequency: number, from: number): number => {
    const factor = 2 * Math.cos((2 * Math.PI * frequency) / rate);
    let [before, last] = [0, 0];
    for (let at = from; at < from + length; at++) {
      [before, last] = [last, samples[at]! + factor * last - before];
    }
    const power = before * before + last * last - factor * before * last;
    return (2 * Math.sqrt(Math.max(0, power))) / length;
  };
  const sound: DecodedWindow[] = [];
  for (let from = 0; from + length <= seconds * rate; from += length) {
    sound.push({
      at: (from + length / 2) / rate,
      strengths: frequencies.map((frequency) => strengthOf(frequency, from)),
    });
  }
  input.dispose();
  return { seconds, frames, sound };
}
