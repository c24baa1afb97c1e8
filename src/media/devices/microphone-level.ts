/** Ten times a second is what a moving bar needs. */
const INTERVAL = 100;
/** Steps of the level, so that a quiet room does not redraw the page ten times a second. */
const STEPS = 20;

/** Measures how loud a microphone is, 0 to 1, as long as it runs. */
export class MicrophoneLevel {
  #context: AudioContext | null = null;
  #source: MediaStreamAudioSourceNode | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(private readonly report: (level: number) => void) {}

  /** Takes the place of what was measured before. */
  start(track: MediaStreamTrack): void {
    this.stop();
    let context: AudioContext;
    try {
      context = new AudioContext();
    } catch {
      // A browser allows only so many at a time: the call is well without a bar that moves.
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
      this.report(Math.round(Math.min(1, peak) * STEPS) / STEPS);
    }, INTERVAL);
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
    // Rejects only for one that is closed already.
    context.close().catch(() => undefined);
    this.report(0);
  }

  /** A context made outside of a click may start suspended; iOS suspends it during a phone call. */
  readonly #resume = (): void => {
    if (this.#context?.state === 'running') return;
    // Refused until somebody presses something, and then tried again.
    this.#context?.resume().catch(() => undefined);
  };
}
