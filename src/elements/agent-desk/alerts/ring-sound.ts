/** Seconds of one round of the ring: two strokes, and silence. */
const ROUND = 3;
const STROKES = [
  { at: 0, tones: [659.25, 830.61] },
  { at: 0.28, tones: [830.61, 987.77] },
  { at: 0.9, tones: [659.25, 830.61] },
  { at: 1.18, tones: [830.61, 987.77] },
] as const;
/** How fast a stroke dies away, per second; 60 dB down, after this, nobody hears it. */
const DECAY = 4.5;
const HEARD = Math.log(1_000) / DECAY;
const LOUDNESS = 0.16;

/** One round of the ring, made to be looped, so that a hidden tab's slow timers do not matter. */
export function makeRing(context: BaseAudioContext): AudioBuffer {
  const rate = context.sampleRate;
  const buffer = context.createBuffer(1, ROUND * rate, rate);
  const samples = buffer.getChannelData(0);
  for (const { at, tones } of STROKES) {
    const first = Math.floor(at * rate);
    const last = Math.min(samples.length, first + Math.floor(HEARD * rate));
    for (let index = first; index < last; index++) {
      const time = (index - first) / rate;
      const attack = Math.min(1, time / 0.008);
      const volume = attack * Math.exp(-DECAY * time) * LOUDNESS;
      for (const tone of tones) {
        samples[index]! += volume * Math.sin(2 * Math.PI * tone * time);
      }
    }
  }
  return buffer;
}
