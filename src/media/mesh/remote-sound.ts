/** Chromium's and Safari's setSinkId; Firefox has it since 116. */
type Speaker = HTMLAudioElement & { setSinkId?: (deviceId: string) => Promise<void> };

/** Plays one other participant's sound, which no element of the page needs to know of. */
export class RemoteSound {
  readonly #element: Speaker = new Audio();
  readonly #changed: () => void;
  #blocked = false;
  #closed = false;

  constructor(changed: () => void) {
    this.#changed = changed;
    this.#element.autoplay = true;
  }

  /** Whether the browser waits for somebody to press something. */
  get blocked(): boolean {
    return this.#blocked;
  }

  get track(): MediaStreamTrack | null {
    return (this.#element.srcObject as MediaStream | null)?.getAudioTracks()[0] ?? null;
  }

  /** Takes the place of what was played before. */
  async play(track: MediaStreamTrack): Promise<void> {
    if (this.track !== track) this.#element.srcObject = new MediaStream([track]);
    await this.resume();
  }

  /** Inside a click, where it was blocked. */
  async resume(): Promise<void> {
    if (this.#closed || !this.#element.srcObject) return;
    try {
      await this.#element.play();
      this.#show(false);
    } catch (error) {
      // Anything else (AbortError) only says that another track took this one's place, whose play() counts.
      if ((error as DOMException).name === 'NotAllowedError') this.#show(true);
    }
  }

  /** Rejects with the browser's error where there is no such speaker. */
  async setSpeaker(deviceId: string): Promise<void> {
    if (this.#closed) return;
    await this.#element.setSinkId?.(deviceId);
  }

  close(): void {
    this.#closed = true;
    this.#blocked = false;
    this.#element.pause();
    this.#element.srcObject = null;
  }

  #show(blocked: boolean): void {
    if (this.#closed || this.#blocked === blocked) return;
    this.#blocked = blocked;
    this.#changed();
  }
}
