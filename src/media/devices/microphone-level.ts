/** A moving bar needs ten levels a second. */
const INTERVAL_MS = 100;
/** Levels are rounded, so that a quiet room does not redraw the page ten times a second. */
const LEVEL_STEPS = 20;

/** Measures the level of a microphone, 0 to 1. */
export class MicrophoneLevel {
  #context: AudioContext | null = null;
  #source: MediaStreamAudioSourceNode | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly onLevel: (level: number) => void) {}

  /** Replaces the track that was measured before. */
  start(track: MediaStreamTrack): void {
    this.stop();
    let context: AudioContext;
    try {
      context = new AudioContext();
    } catch {
      // A browser allows a limited number of contexts. The call works without the level.
      return;
    }
    const analyser = context.createAnalyser();
    analyser.fftSize = 1024;
    this.#source = context.createMediaStreamSource(new MediaStream([track]));
    this.#source.connect(analyser);
    this.#context = context;
    this.#resume();
    addEventListener('pointerdown', this.#resume);
    addEventListener('keydown', this.#resume);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      let peak = 0;
      for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
      this.onLevel(Math.round(Math.min(1, peak) * LEVEL_STEPS) / LEVEL_STEPS);
    }, INTERVAL_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    removeEventListener('pointerdown', this.#resume);
    removeEventListener('keydown', this.#resume);
    this.#source?.disconnect();
    this.#source = null;
    const context = this.#context;
    this.#context = null;
    if (!context) return;
    // It rejects only if the context is closed already.
    context.close().catch(() => undefined);
    this.onLevel(0);
  }

  /** A context that is made outside of a click may start suspended. iOS suspends it during a phone call. */
  readonly #resume = (): void => {
    if (this.#context?.state === 'running') return;
    // Refused until the person presses something. The next press tries again.
    this.#context?.resume().catch(() => undefined);
  };
}
