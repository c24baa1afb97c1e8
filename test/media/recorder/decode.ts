/** What a recorded file shows and sounds like, decoded by the browser. */

/** The colour of the middle of a part of a frame, as r, g, b. */
export type Colours = readonly (readonly [number, number, number])[];

/**
 * Plays the file from the beginning to its end, and reads the colours at these points of each frame that it shows. `points`
 * are pixels of the picture.
 */
export async function framesOf(
  file: Blob,
  points: readonly (readonly [x: number, y: number])[],
): Promise<readonly Colours[]> {
  const video = document.createElement('video');
  video.muted = true;
  video.src = URL.createObjectURL(file);
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d', { willReadFrequently: true })!;
  const frames: Colours[] = [];
  let stopped = false;
  const read = (): void => {
    if (stopped) return;
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    pen.drawImage(video, 0, 0);
    frames.push(
      points.map(([x, y]) => {
        const [r, g, b] = pen.getImageData(x, y, 1, 1).data;
        return [r!, g!, b!] as const;
      }),
    );
    video.requestVideoFrameCallback(read);
  };
  video.requestVideoFrameCallback(read);
  video.playbackRate = 2;
  await video.play();
  await new Promise((resolve, reject) => {
    video.onended = resolve;
    video.onerror = () => reject(video.error ?? new Error('not decoded'));
  });
  stopped = true;
  URL.revokeObjectURL(video.src);
  return frames;
}

export interface DecodedSound {
  readonly seconds: number;
  /** How strong a tone is in the whole sound, 0 to about 1. */
  strengthOf(frequency: number): number;
}

export async function soundOf(file: Blob): Promise<DecodedSound> {
  const context = new OfflineAudioContext(1, 1, 48_000);
  const sound = await context.decodeAudioData(await file.arrayBuffer());
  const samples = sound.getChannelData(0);
  return {
    seconds: sound.duration,
    /** Goertzel's algorithm over blocks of a tenth of a second. */
    strengthOf(frequency) {
      const block = sound.sampleRate / 10;
      const factor = 2 * Math.cos((2 * Math.PI * frequency) / sound.sampleRate);
      let strongest = 0;
      for (let from = 0; from + block <= samples.length; from += block) {
        let [before, last] = [0, 0];
        for (let at = from; at < from + block; at++) {
          [before, last] = [last, samples[at]! + factor * last - before];
        }
        const power = before * before + last * last - factor * before * last;
        strongest = Math.max(strongest, (2 * Math.sqrt(Math.max(0, power))) / block);
      }
      return strongest;
    },
  };
}
