/** Chromium's and Safari's setSinkId; Firefox has it since 116. */
type Speaker = HTMLAudioElement & { setSinkId?: (deviceId: string) => Promise<void> };

/** Plays one other participant's sound, without an element in the page. */
export class RemoteSound {
  readonly #element: Speaker = new Audio();
  readonly #onChange: () => void;
  #blocked = false;
  #closed = false;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.#element.autoplay = true;
  }

  /** Whether the browser plays nothing before the person presses something. */
  get blocked(): boolean {
    return this.#blocked;
  }

  get track(): MediaStreamTrack | null {
    return (this.#element.srcObject as MediaStream | null)?.getAudioTracks()[0] ?? null;
  }

  /** Replaces the track that was played before. */
  async play(track: MediaStreamTrack): Promise<void> {
    if (this.track !== track) this.#element.srcObject = new MediaStream([track]);
    await this.resume();
  }

  /** To be called within a click, if the sound is blocked. */
  async resume(): Promise<void> {
    if (this.#closed || !this.#element.srcObject) return;
    try {
      await this.#element.play();
      this.#show(false);
    } catch (error) {
      // Any other error (AbortError) means that another track replaced this one.
      if ((error as DOMException).name === 'NotAllowedError') this.#show(true);
    }
  }

  /** Rejects with the browser's error if the speaker does not exist. */
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
    this.#onChange();
  }
}
