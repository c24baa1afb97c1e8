import { makeRing } from './ring-sound.ts';

/**
 * Rings, and knows whether the browser lets it: before a person has pressed anything on the page, most
 * browsers keep it silent.
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

  /** Whether a ring would be, or is, silent until a person presses something. */
  get blocked(): boolean {
    if (this.#context) return this.#context.state === 'suspended';
    return navigator.userActivation?.hasBeenActive === false;
  }

  /** Watches for the press that lets sound out. */
  open(): void {
    if (this.#listening) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const options = { signal, capture: true, passive: true };
    for (const name of ['pointerup', 'keyup']) {
      window.addEventListener(name, () => this.#handlePress(), options);
    }
  }

  /** To be called inside a press. */
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

  /** Stops ringing and lets go of the sound device. */
  close(): void {
    this.stop();
    this.#listening?.abort();
    this.#listening = null;
    // Closing fails only where it was closed already.
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
      // Stays pending, and the ring `blocked`, until a person presses something.
      await this.#context.resume();
    } catch {
      // Closed meanwhile: nobody waits for the ring any more.
    }
    this.#handleChange();
  }
}
