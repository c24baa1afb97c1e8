import { makeRing } from '../../parts/alerts/ring-sound.ts';

/**
 * Plays the ring, and knows whether the browser allows it. Most browsers allow no sound before a person has
 * pressed something on the page.
 */
export class Ringer {
  readonly #handleChange: () => void;
  #context: AudioContext | null = null;
  #ring: AudioBuffer | null = null;
  #source: AudioBufferSourceNode | null = null;
  #listening: AbortController | null = null;

  /** `handleChange` is called when `blocked` may have changed. */
  constructor(handleChange: () => void) {
    this.#handleChange = handleChange;
  }

  get ringing(): boolean {
    return this.#source !== null;
  }

  /** Whether the ring is silent until a person presses something. */
  get blocked(): boolean {
    if (this.#context) return this.#context.state === 'suspended';
    return navigator.userActivation?.hasBeenActive === false;
  }

  /** Listens for the press that allows sound. */
  open(): void {
    if (this.#listening) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const options = { signal, capture: true, passive: true };
    for (const name of ['pointerup', 'keyup']) {
      window.addEventListener(name, () => this.#handlePress(), options);
    }
  }

  /** Must be called during a press. */
  async turnOn(): Promise<void> {
    await this.#resume();
  }

  start(): void {
    if (this.#source) return;
    const context = (this.#context ??= this.#makeContext());
    const source = context.createBufferSource();
    source.buffer = this.#ring ??= makeRing(context);
    source.loop = true;
    source.connect(context.destination);
    source.start();
    this.#source = source;
    void this.#resume();
  }

  stop(): void {
    this.#source?.stop();
    this.#source?.disconnect();
    this.#source = null;
  }

  /** Stops ringing and releases the sound device. */
  close(): void {
    this.stop();
    this.#listening?.abort();
    this.#listening = null;
    // Closing fails only if the context is closed already.
    this.#context?.close().catch(() => {});
    this.#context = this.#ring = null;
  }

  #makeContext(): AudioContext {
    const context = new AudioContext();
    context.addEventListener('statechange', this.#handleChange);
    return context;
  }

  #handlePress(): void {
    if (this.#context?.state === 'suspended') void this.#resume();
    this.#handleChange();
  }

  async #resume(): Promise<void> {
    this.#context ??= this.#makeContext();
    try {
      // Pending, with the ring `blocked`, until a person presses something.
      await this.#context.resume();
    } catch {
      // Closed meanwhile: the ring is not needed any more.
    }
    this.#handleChange();
  }
}
