/**
 * One sound of everybody in the call. A browser plays and mixes nothing before the person has pressed something in the
 * page; after a reload this may last a while. See `running`.
 */
export class SoundMix {
  readonly #context = new AudioContext();
  readonly #output = this.#context.createMediaStreamDestination();
  readonly #sources = new Map<MediaStreamTrack, MediaStreamAudioSourceNode>();

  /** `onRunning`: the mix begins to sound. */
  constructor(private readonly onRunning: () => void) {
    this.#context.addEventListener('statechange', this.#handleState);
    addEventListener('pointerdown', this.#resume);
    addEventListener('keydown', this.#resume);
    this.#resume();
  }

  get running(): boolean {
    return this.#context.state === 'running';
  }

  get track(): MediaStreamTrack {
    return this.#output.stream.getAudioTracks()[0]!;
  }

  setTracks(tracks: readonly MediaStreamTrack[]): void {
    for (const [track, source] of this.#sources) {
      if (tracks.includes(track)) continue;
      source.disconnect();
      this.#sources.delete(track);
    }
    for (const track of tracks) {
      if (this.#sources.has(track) || track.readyState === 'ended') continue;
      const source = this.#context.createMediaStreamSource(new MediaStream([track]));
      source.connect(this.#output);
      this.#sources.set(track, source);
    }
  }

  close(): void {
    removeEventListener('pointerdown', this.#resume);
    removeEventListener('keydown', this.#resume);
    this.#context.removeEventListener('statechange', this.#handleState);
    this.setTracks([]);
    this.track.stop();
    // It rejects only if the context is closed already.
    this.#context.close().catch(() => undefined);
  }

  readonly #handleState = (): void => {
    if (this.running) this.onRunning();
  };

  readonly #resume = (): void => {
    if (this.running) return;
    // Refused until the person presses something. The next press tries again.
    this.#context.resume().catch(() => undefined);
  };
}
