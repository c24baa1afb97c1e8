/** The length of one round of the ring, in seconds: two double strokes, then silence. */
const ROUND_SECONDS = 3;
const STROKES = [
  { at: 0, tones: [659.25, 830.61] },
  { at: 0.28, tones: [830.61, 987.77] },
  { at: 0.9, tones: [659.25, 830.61] },
  { at: 1.18, tones: [830.61, 987.77] },
] as const;
/** How fast a stroke fades, per second. */
const DECAY = 4.5;
/** After this time a stroke is 60 dB lower, and inaudible. */
const STROKE_SECONDS = Math.log(1_000) / DECAY;
const LOUDNESS = 0.16;

/** One round of the ring. It is played in a loop, because timers are slow in a hidden tab. */
export function makeRing(context: BaseAudioContext): AudioBuffer {
  const rate = context.sampleRate;
  const buffer = context.createBuffer(1, ROUND_SECONDS * rate, rate);
  const samples = buffer.getChannelData(0);
  for (const { at, tones } of STROKES) {
    const first = Math.floor(at * rate);
    const last = Math.min(samples.length, first + Math.floor(STROKE_SECONDS * rate));
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
